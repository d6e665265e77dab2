import type { Message } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { formatWhen } from '../../../lib/time'
import { PersonAvatar } from '../../../shared/PersonAvatar'
import { useList } from '../context'
import css from './message.module.css'

const FACES = 3

/** Under a message with replies: up to three faces, how many, the last one's time, a dot when some are unread. */
export function ThreadSummary({ message }: { message: Message }) {
  const { t } = useTranslation('conversation')
  const weft = useWeft()
  const { style, actions, thread } = useList()
  const state = useObservable(useMemo(() => weft.threads.state(message.id), [weft, message.id]))
  const replies = message.replies
  if (!replies || replies.count === 0 || thread) return null
  const unread = state?.following === true && state.last_n > state.read_n
  return (
    <button type="button" className={css.thread} onClick={() => actions.openThread(message)}>
      <span className={css.faces}>
        {replies.by.slice(0, FACES).map((id) => (
          <PersonAvatar key={id} id={id} size={20} />
        ))}
      </span>
      <b>{t('replies', { count: replies.count })}</b>
      <time>{formatWhen(replies.last_at, Date.now() * 1000, style)}</time>
      {unread && (
        <span className={css.dot}>
          <span className="visually-hidden">{t('unreadReplies')}</span>
        </span>
      )}
    </button>
  )
}
