import { useId, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Languages } from 'lucide-react'
import { Button } from '@weft/ui'
import { locale, setLocale } from '../../i18n'
import { toastProblem } from '../../shared/problem'
import { Mark } from '../../shared/Mark'
import s from './entry.module.css'

/** The page around every form outside an org: the mark, one card, the language. */
export function EntryFrame(props: {
  title: string
  lead?: ReactNode
  children?: ReactNode
  foot?: ReactNode
  onSubmit?: () => void
}) {
  const { t } = useTranslation('entry')
  const heading = useId()
  const other = locale() === 'en' ? 'zh-CN' : 'en'
  const body = (
    <>
      <h1 id={heading}>{props.title}</h1>
      {props.lead && <p className={s.lead}>{props.lead}</p>}
      {props.children}
    </>
  )
  return (
    <div className={s.page}>
      <header className={s.brand}>
        <Mark size={28} />
        <span>Weft</span>
        <span className={s.han} lang="zh-CN">
          经纬
        </span>
      </header>
      <main className={s.main}>
        {props.onSubmit ? (
          <form
            className={s.card}
            aria-labelledby={heading}
            onSubmit={(event) => {
              event.preventDefault()
              props.onSubmit?.()
            }}
          >
            {body}
          </form>
        ) : (
          <div className={s.card}>{body}</div>
        )}
        {props.foot && <div className={s.foot}>{props.foot}</div>}
      </main>
      <footer className={s.language}>
        <Button
          variant="ghost"
          size="s"
          icon={<Languages size={16} aria-hidden />}
          lang={other}
          onClick={() => void setLocale(other).catch(toastProblem)}
        >
          {t('otherLanguage')}
        </Button>
      </footer>
    </div>
  )
}
