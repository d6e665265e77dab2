import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ArrowLeft } from 'lucide-react'
import { useLocation } from 'wouter'
import { IconButton } from '@weft/ui'
import { usePhone } from './hooks'
import s from './page.module.css'

/** A page of the content area: its title and acts, then what it holds. `back` shows on phones. */
export function Page(props: {
  title: string
  actions?: ReactNode
  back?: string | undefined
  children: ReactNode
}) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const phone = usePhone()
  return (
    <div className={s.page}>
      <header className={s.bar}>
        {phone && props.back && (
          <IconButton
            label={t('back')}
            icon={<ArrowLeft size={20} />}
            onClick={() => go(props.back as string)}
          />
        )}
        <h1>{props.title}</h1>
        {props.actions}
      </header>
      {props.children}
    </div>
  )
}
