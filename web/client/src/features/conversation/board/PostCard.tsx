import type { Message, TimelineItem } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { Button, cx, IconButton, Menu, Tag, type MenuItem } from '@weft/ui'
import { Ellipsis, Eye, MessageSquareText, Pin } from 'lucide-react'
import { Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { formatFull, formatWhen } from '../../../lib/time'
import { useLoaded, usePerson } from '../../../shared/hooks'
import { emitIntent } from '../../../shared/intents'
import { PersonAvatar } from '../../../shared/PersonAvatar'
import { toastProblem } from '../../../shared/problem'
import { messageText } from '../../../shared/messageText'
import { useList } from '../context'
import { Fold } from '../message/Fold'
import { PartView } from '../message/Parts'
import { Reactions } from '../message/Reactions'
import { ReceiptScope, useReceipt } from '../message/Receipt'
import { AckBanner, LinkCards, ReceiptPopover } from '../parts'
import css from './board.module.css'
import { commentable, postOf } from './post'

interface Props {
  item: TimelineItem
  /** It was unread when the reader came. */
  fresh: boolean
  lit: boolean
  mayEdit: boolean
  onEdit: () => void
}

/** One announcement: title, author, time, text, what it asks, comments, who has read it. */
export function PostCard({ item, fresh, lit, mayEdit, onEdit }: Props) {
  const { t } = useTranslation('announcements')
  const { style, actions, unfolded, me, canModerate, conversation } = useList()
  const { message } = item
  const author = usePerson(message.from)
  const card = useRef<HTMLElement>(null)
  useEffect(() => {
    if (lit) card.current?.scrollIntoView({ block: 'start' })
  }, [lit])
  const post = postOf(message)
  const title = post?.title ?? t('untitled')
  if (message.state !== 'live') return <p className={css.gone}>{t('gone')}</p>
  const sees = message.from === me || (canModerate && conversation.me !== null)
  return (
    <article ref={card} className={cx(css.card, lit && css.lit)} data-message={message.id} aria-label={title}>
      <header className={css.head}>
        <h2>
          {title}
          {fresh && <Tag>{t('unread')}</Tag>}
        </h2>
        <Menu label={t('more', { title })} items={useItems(message, mayEdit, onEdit)}>
          <IconButton size="s" label={t('more', { title })} icon={<Ellipsis size={18} />} />
        </Menu>
        <p className={css.byline}>
          <button
            type="button"
            onClick={(e) => emitIntent('profile', { person: message.from, anchor: e.currentTarget })}
          >
            <PersonAvatar id={message.from} size={20} />
            {author?.name ?? '\u00a0'}
          </button>
          <time title={formatFull(message.at, style)}>
            {formatWhen(message.at, Date.now() * 1000, style)}
          </time>
          {message.edited_at !== null && (
            <button type="button" onClick={() => actions.history(message)}>
              {t('edited')}
            </button>
          )}
          {message.pinned && <Pin size={12} aria-hidden />}
        </p>
      </header>
      <ReceiptScope item={item}>
        <div className={css.text}>
          <Fold id={message.id} remember={unfolded}>
            {message.content.parts.map((part, i) =>
              part.type === 'post' ? null : <PartView key={i} part={part} message={message} />,
            )}
          </Fold>
        </div>
        {message.ack && (
          <Suspense fallback={null}>
            <AckBanner message={message} ack={message.ack} />
          </Suspense>
        )}
        {message.previews && (
          <Suspense fallback={null}>
            <LinkCards message={message} links={message.previews} />
          </Suspense>
        )}
        <Reactions message={message} />
        <footer className={css.foot}>
          <Comments message={message} />
          {sees && message.seq > 0 && <Readers message={message} own={message.from === me} />}
        </footer>
      </ReceiptScope>
    </article>
  )
}

function Comments({ message }: { message: Message }) {
  const { t } = useTranslation('announcements')
  const { actions, conversation } = useList()
  const count = message.replies?.count ?? 0
  const open = commentable(conversation, message)
  if (!open && count === 0) return <small className={css.quiet}>{t('commentsOff')}</small>
  return (
    <Button
      size="s"
      variant="ghost"
      icon={<MessageSquareText size={16} aria-hidden />}
      onClick={() => actions.openThread(message)}
    >
      {count > 0 ? t('comment', { count }) : t('noComments')}
    </Button>
  )
}

/** How many have read it, and who: for its author, told live, and for who manages the space. */
function Readers({ message, own }: { message: Message; own: boolean }) {
  const { t } = useTranslation('announcements')
  const weft = useWeft()
  const live = useReceipt()
  const [anchor, setAnchor] = useState<Element | null>(null)
  const asked = useLoaded(
    async () => (own ? null : weft.api.messages.receipts(message.id, { limit: 1 })),
    [weft, message.id, own],
  ).data
  const known =
    live ??
    (asked && { seq: message.seq, read: asked.read_count, total: asked.read_count + asked.unread_count })
  if (!known || known.total === 0) return null
  const receipt = live ?? { ...known, ...(asked?.names ? { mentioned: [] } : {}) }
  return (
    <>
      <Button
        size="s"
        variant="ghost"
        icon={<Eye size={16} aria-hidden />}
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        onClick={(e) => setAnchor(anchor ? null : e.currentTarget)}
      >
        {t('readBy', { read: known.read, total: known.total })}
      </Button>
      {anchor && (
        <Suspense fallback={null}>
          <ReceiptPopover
            anchor={anchor}
            message={message.id}
            receipt={receipt}
            onClose={() => setAnchor(null)}
          />
        </Suspense>
      )}
    </>
  )
}

function useItems(message: Message, mayEdit: boolean, onEdit: () => void): MenuItem[] {
  const { t } = useTranslation('announcements')
  const weft = useWeft()
  const { actions, me, canModerate, conversation } = useList()
  const post = postOf(message)
  const mayDelete = conversation.me !== null && (canModerate || message.from === me)
  const comments = post?.comments ?? false
  const items: (MenuItem | false)[] = [
    { label: t('copyLink'), onSelect: () => actions.copyLink(message) },
    { label: t('forward'), onSelect: () => actions.forward(message) },
    { label: t('later'), onSelect: () => actions.save(message) },
    conversation.me !== null && { label: t('markUnread'), onSelect: () => actions.markUnread(message) },
    message.edited_at !== null && { label: t('history'), onSelect: () => actions.history(message) },
    mayEdit && '-',
    mayEdit && { label: t('editAction'), onSelect: onEdit },
    mayEdit &&
      conversation.comments !== false && {
        label: t(comments ? 'closeComments' : 'openComments'),
        onSelect: () =>
          void weft.api.messages
            .editPost(message.id, { text: messageText(message), comments: !comments })
            .catch(toastProblem),
      },
    mayDelete && '-',
    mayDelete && { label: t('delete'), danger: true, onSelect: () => actions.remove(message) },
  ]
  return items.filter((item): item is MenuItem => item !== false)
}
