import type { TimelineItem } from '@weft/sdk'
import { cx } from '@weft/ui'
import { Check, Pin } from 'lucide-react'
import { memo, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { formatFull, formatTime } from '../../../lib/time'
import { usePerson } from '../../../shared/hooks'
import { emitIntent } from '../../../shared/intents'
import { useLongPress } from '../../../shared/press'
import { PersonAvatar, PersonTag } from '../../../shared/PersonAvatar'
import { useList } from '../context'
import { EditBox, HoverBar, PressMenu } from '../parts'
import { MessageBody } from './MessageBody'
import { canForward } from '../useSelection'
import css from './message.module.css'

interface Props {
  item: TimelineItem
  /** Begins an author's group: shows face, name and time. */
  head: boolean
  /** The row that the keyboard is on. */
  focusable: boolean
  /** Just jumped to. */
  lit: boolean
  editing: boolean
}

/** One message with everything that hangs on it. */
export const MessageRow = memo(function MessageRow({ item, head, focusable, lit, editing }: Props) {
  const { t } = useTranslation('conversation')
  const list = useList()
  const [over, setOver] = useState(false)
  const [busy, setBusy] = useState(false)
  const [menu, setMenu] = useState<{ x: number; y: number } | null>(null)
  const { message } = item
  const { chosen, toggle } = list.selection
  const selectable = chosen !== null && item.state === 'sent' && canForward(message)
  const press = useLongPress((at) => item.state === 'sent' && !editing && chosen === null && setMenu(at))
  const own = message.from === list.me
  const mirrored = list.mirrored && own
  const author = usePerson(message.from)
  const toMe = message.mention_all !== null || message.mentions.includes(list.me) || list.alerted(message)
  return (
    <article
      className={cx(
        css.row,
        head && css.head,
        list.mirrored && css.bubbles,
        mirrored && css.mine,
        lit && css.lit,
        editing && css.editing,
        chosen && css.selecting,
        chosen?.has(message.id) && css.chosen,
        toMe && !own && message.state === 'live' && css.forMe,
      )}
      data-seq={message.seq}
      data-message={message.id}
      tabIndex={focusable ? 0 : -1}
      aria-label={t('messageFrom', { name: author?.name ?? '', time: formatTime(message.at, list.style) })}
      onPointerMove={(e) => e.pointerType === 'mouse' && !over && setOver(true)}
      onPointerLeave={() => setOver(false)}
      onFocus={(e) => e.currentTarget.matches(':focus-visible') && setOver(true)}
      onBlur={(e) => {
        const row = e.currentTarget
        if (!row.contains(e.relatedTarget) && !row.matches(':hover')) setOver(false)
      }}
      {...press}
      // While messages are chosen a press anywhere on one takes it in or out.
      onClickCapture={(e) => {
        if (chosen === null) return
        e.preventDefault()
        e.stopPropagation()
        if (selectable) toggle(message, e.shiftKey)
      }}
      // Some phones would open their own menu beside the one of the long press.
      onContextMenu={(e) => (e.nativeEvent as PointerEvent).pointerType === 'touch' && e.preventDefault()}
    >
      {selectable && (
        <button
          type="button"
          role="checkbox"
          className={css.choose}
          aria-checked={chosen.has(message.id)}
          aria-label={t('messageFrom', {
            name: author?.name ?? '',
            time: formatTime(message.at, list.style),
          })}
        >
          {chosen.has(message.id) && <Check size={12} aria-hidden />}
        </button>
      )}
      <div className={css.gutter}>
        {head ? (
          <button
            type="button"
            tabIndex={-1}
            className={css.face}
            aria-label={author?.name}
            onClick={(e) => emitIntent('profile', { person: message.from, anchor: e.currentTarget })}
          >
            <PersonAvatar id={message.from} size={36} />
          </button>
        ) : (
          <time className={css.gutterTime} title={formatFull(message.at, list.style)}>
            {formatTime(message.at, list.style)}
          </time>
        )}
      </div>
      <div className={css.main}>
        {head && (
          <header className={css.byline}>
            <button
              type="button"
              tabIndex={-1}
              className={css.author}
              onClick={(e) => emitIntent('profile', { person: message.from, anchor: e.currentTarget })}
            >
              {author?.name ?? '\u00a0'}
            </button>
            {author && <PersonTag person={author} />}
            <time title={formatFull(message.at, list.style)}>{formatTime(message.at, list.style)}</time>
            {message.pinned && <Pin size={12} aria-label={t('pinned')} className={css.pinMark} />}
          </header>
        )}
        {editing ? (
          <Suspense fallback={<MessageBody item={item} focusable={focusable} />}>
            <EditBox message={message} />
          </Suspense>
        ) : (
          <MessageBody item={item} focusable={focusable} />
        )}
      </div>
      {(over || busy) &&
        !editing &&
        chosen === null &&
        item.state === 'sent' &&
        message.state !== 'deleted' &&
        message.state !== 'vanished' && (
          <Suspense fallback={null}>
            <HoverBar message={message} onBusy={setBusy} />
          </Suspense>
        )}
      {menu && (
        <Suspense fallback={null}>
          <PressMenu message={message} anchor={menu} onClose={() => setMenu(null)} />
        </Suspense>
      )}
    </article>
  )
})
