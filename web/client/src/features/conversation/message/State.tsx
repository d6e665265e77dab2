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
  return (
    <div className={css.failed} role="alert">
      <CircleAlert size={16} aria-hidden />
      <span>
        {t('notSent')} {item.problem ? problemText(t, item.problem) : ''}
      </span>
      <Button size="s" onClick={() => actions.retry(nonce)}>
        {t('retry')}
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
