import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ArrowLeft } from 'lucide-react'
import { IconButton } from '@weft/ui'
import { useBack } from './back'
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
  const back = useBack(props.back ?? '')
  const phone = usePhone()
  return (
    <div className={s.page}>
      <header className={s.bar}>
        {phone && props.back && (
          <IconButton label={t('back')} icon={<ArrowLeft size={20} />} data-back onClick={back} />
        )}
        <h1>{props.title}</h1>
        {props.actions}
      </header>
      {props.children}
    </div>
  )
}
