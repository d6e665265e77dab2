import type { AckState, Message, MessageAck } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { Button } from '@weft/ui'
import { BadgeCheck, CircleCheck, Siren } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import '../../../shared/acks/words'
import { formatDeadline } from '../../../shared/acks/deadline'
import { useAction, useLoaded } from '../../../shared/hooks'
import { toastProblem } from '../../../shared/problem'
import '../../../shared/urgent/words'
import { useList } from '../context'
import css from './ack.module.css'
import { AckPopover } from './AckPopover'

/** What a message asks for, how far people are, and the reader's own answer. */
export function AckBanner({ message, ack }: { message: Message; ack: MessageAck }) {
  const { t } = useTranslation('acks')
  const { me, style, conversation, canModerate } = useList()
  const own = message.from === me
  const [now, setNow] = useState(() => Date.now() * 1000)
  const { deadline } = ack
  useEffect(() => {
    const left = deadline === null ? -1 : deadline / 1000 - Date.now()
    // Longer than a timer can wait is longer than anybody keeps a page.
    if (left < 0 || left > 2 ** 31 - 1) return
    const timer = setTimeout(() => setNow(Date.now() * 1000), left + 50)
    return () => clearTimeout(timer)
  }, [deadline])
  const open = ack.acknowledged < ack.total
  const late = deadline !== null && deadline <= now && open
  const urgent = ack.urgent !== undefined && ack.urgent.state !== 'cancelled'
  return (
    <div
      className={css.banner}
      data-late={late || undefined}
      data-urgent={urgent || undefined}
      data-all={!open || undefined}
    >
      {urgent ? <Siren size={16} aria-hidden /> : <BadgeCheck size={16} aria-hidden />}
      <span className={css.words}>
        {urgent && <strong>{t('urgent:urgent')}</strong>}
        {ack.people.length ? t('asksSome', { count: ack.people.length }) : t('asks')}
        {deadline !== null && (
          <small>{t(late ? 'late' : 'until', { time: formatDeadline(deadline, now, style) })}</small>
        )}
      </span>
      <Progress
        message={message}
        ack={ack}
        own={own || (conversation.kind === 'announcement' && canModerate)}
      />
      {!own && message.seq > 0 && <Answer message={message} />}
    </div>
  )
}

function Progress({ message, ack, own }: { message: Message; ack: MessageAck; own: boolean }) {
  const { t } = useTranslation('acks')
  const [anchor, setAnchor] = useState<Element | null>(null)
  if (ack.total === 0) return null
  const words = t(ack.done ? 'progressDone' : 'progress', { ...ack })
  if (!own) return <span className={css.progress}>{words}</span>
  return (
    <>
      <button
        type="button"
        className={css.progress}
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        onClick={(e) => setAnchor(anchor ? null : e.currentTarget)}
      >
        {words}
      </button>
      {anchor && (
        <AckPopover anchor={anchor} message={message.id} ack={ack} onClose={() => setAnchor(null)} />
      )}
    </>
  )
}

/** The reader's own answer: only the server knows whether they are asked. */
function Answer({ message }: { message: Message }) {
  const { t } = useTranslation('acks')
  const weft = useWeft()
  const { conversation } = useList()
  const loaded = useLoaded(() => weft.api.messages.acks(message.id), [weft, message.id])
  const told = useObservable(weft.acks.told)
  const { reload } = loaded
  useEffect(() => {
    if (told?.message === message.id && told.why === 'answered') reload()
  }, [told, message.id, reload])
  const answer = useAction(async (state: 'acknowledged' | 'done') => {
    await weft.acks.answer(message.id, state).catch((error: unknown) => {
      toastProblem(error)
      throw error
    })
    loaded.patch((page) => ({ ...page, mine: state }))
  })
  const mine: AckState | null | undefined = loaded.data?.mine
  if (!mine || !conversation.me) return null
  if (mine === 'waiting') {
    return (
      <Button size="s" variant="primary" busy={answer.busy} onClick={() => void answer.run('acknowledged')}>
        {t('confirm')}
      </Button>
    )
  }
  return (
    <span className={css.mine}>
      <CircleCheck size={14} aria-hidden />
      {t(mine === 'done' ? 'iDone' : 'iConfirmed')}
      {mine === 'acknowledged' && (
        <Button size="s" variant="ghost" busy={answer.busy} onClick={() => void answer.run('done')}>
          {t('done')}
        </Button>
      )}
    </span>
  )
}
