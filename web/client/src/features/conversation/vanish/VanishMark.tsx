import type { Message } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { Timer } from 'lucide-react'
import { useLayoutEffect } from 'react'
import { useTranslation } from 'react-i18next'

import { formatFull } from '../../../lib/time'
import { useList } from '../context'
import css from '../message/message.module.css'
import { lasting, left } from './duration'
import { useSecond } from './seconds'
import './words'

/** When the countdowns of messages were first seen here, in seconds. */
const seen = new Map<string, number>()

function sinceSeen(id: string, now: number): number {
  const since = seen.get(id) ?? now
  seen.set(id, since)
  return since
}

/** A small clock: how long the message lasts once it was read, then how long it still does. */
export function VanishMark({
  message,
  vanish,
}: {
  message: Message
  vanish: NonNullable<Message['vanish']>
}) {
  const { t } = useTranslation('vanish')
  const { style } = useList()
  const weft = useWeft()
  const { state } = useObservable(weft.connection)
  const at = vanish.at
  const now = useSecond(at !== null)
  const rest = at === null ? vanish.after : Math.min(vanish.after, Math.ceil(at / 1_000_000) - now)
  // The server says when it is over. Where it cannot, this device's clock does; and whatever that shows, once
  // so long has passed since the countdown was seen, it is over.
  const passed = at === null ? 0 : now - sinceSeen(message.id, now)
  const over = at !== null && (passed > vanish.after || (rest <= 0 && state !== 'online'))
  useLayoutEffect(() => {
    if (over) forget(weft, message)
  }, [over, weft, message])
  const { key, count } = lasting(vanish.after)
  const time = t(key, { count })
  const shown = left(rest)
  // Read out as it stands, not as it counts.
  const label = at === null ? t('unread', { time }) : t('counting', { at: formatFull(at, style) })
  return (
    <span
      className={css.clock}
      role="img"
      aria-label={label}
      title={label}
      data-vanish={at === null ? 'unread' : 'counting'}
    >
      <Timer size={12} aria-hidden />
      <span data-tabular>{at === null ? time : t(shown.key, { count: shown.count, text: shown.text })}</span>
    </span>
  )
}

/** Its time has come while the server could not say so: what is held of it here goes. */
function forget(weft: ReturnType<typeof useWeft>, message: Message): void {
  const gone: Message = {
    ...message,
    state: 'vanished',
    content: { v: 1, parts: [] },
    reactions: [],
    mentions: [],
  }
  delete gone.vanish
  seen.delete(message.id)
  const touch = { t: 'message' as const, message: gone, fresh: false }
  for (const lane of [message.thread, null]) weft.timeline(message.conversation, lane).apply(touch)
}
