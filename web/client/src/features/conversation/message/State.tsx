import type { TimelineItem } from '@weft/sdk'
import { Button } from '@weft/ui'
import { CircleAlert, Clock } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { problemText } from '../../../shared/problem'
import { useList } from '../context'
import css from './message.module.css'

/** How far an own message got: nothing once sent, a dim clock while it is on its way, retry at hand when it failed. */
export function SendState({ item }: { item: TimelineItem }) {
  const { t } = useTranslation('conversation')
  const { actions } = useList()
  if (item.state === 'sent') return null
  if (item.state === 'sending') return <SendingClock label={t('sending')} />
  const nonce = item.message.nonce ?? item.key
  // The server asks before it calls everybody: sending again is the answer.
  const asks = item.problem?.code === 'confirm_all'
  const count = Number(item.problem?.params?.['count'] ?? 0)
  return (
    <div className={css.failed} role="alert">
      <CircleAlert size={16} aria-hidden />
      <span>
        {asks
          ? t('confirmAll', { count })
          : `${t('notSent')} ${item.problem ? problemText(t, item.problem) : ''}`}
      </span>
      <Button size="s" onClick={() => actions.retry(nonce, asks)}>
        {t(asks ? 'send' : 'retry')}
      </Button>
      <Button size="s" variant="ghost" onClick={() => actions.discard(nonce)}>
        {t('discard')}
      </Button>
    </div>
  )
}

/** Appears after a moment only: a quick send should not flicker. */
function SendingClock({ label }: { label: string }) {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 400)
    return () => clearTimeout(timer)
  }, [])
  return late ? (
    <span className={css.sending} title={label}>
      <Clock size={12} aria-hidden />
      <span className="visually-hidden">{label}</span>
    </span>
  ) : null
}
