import { useTranslation } from 'react-i18next'
import { CircleAlert } from 'lucide-react'
import type { ConversationView, Preview } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { usePerson } from '../../shared/hooks'
import { quotableText } from '../../shared/messageText'
import { QuotedText } from '../../shared/QuotedText'
import s from './sidebar.module.css'

/** The second line of a conversation between people: what I left unfinished, else what was said last. */
export default function PreviewLine({ view, active }: { view: ConversationView; active: boolean }) {
  const { t } = useTranslation('sidebar')
  if (view.draft && !active && !view.failed) {
    return (
      <>
        <b className={s.lead}>{t('draftLead')}</b> <QuotedText text={view.draft} />
      </>
    )
  }
  return (
    <>
      {view.failed && <CircleAlert size={13} className={s.failed} aria-label={t('failed')} />}
      {view.last ? (
        <Words view={view} last={view.last} />
      ) : (
        view.last === null && <span>{t('nothingYet')}</span>
      )}
    </>
  )
}

function Words({ view, last }: { view: ConversationView; last: Preview }) {
  const { t } = useTranslation('sidebar')
  const weft = useWeft()
  const author = usePerson(last.from)
  const own = last.from === weft.me
  if (last.state === 'deleted') return <span>{t('deleted')}</span>
  if (last.state === 'recalled') {
    return <span>{t(own ? 'recalledOwn' : 'recalled', { name: author?.name ?? '' })}</span>
  }
  if (last.state === 'vanished' || last.vanish) return <span>{t('vanishing')}</span>
  const name = view.kind === 'direct' ? '' : own ? t('common:you') : (author?.name ?? '')
  return (
    <>
      {name && t('said', { name })}
      <QuotedText text={quotableText(last)} />
    </>
  )
}
