import type { Message, Timeline, TimelineItem } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { Button, EmptyState, SkeletonRows } from '@weft/ui'
import { Megaphone, Pencil } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ProblemBanner } from '../../../shared/problem'
import { MarkdownSlotsProvider } from '../../../lib/markdown'
import { ListContextProvider, type ListContextValue } from '../context'
import { slots } from '../message/slots'
import css from './board.module.css'
import { postOf } from './post'
import { PostCard } from './PostCard'
import PostDialog from './PostDialog'
import './words'

/** A glance is not reading. */
const READ_AFTER_MS = 300

interface Props {
  timeline: Timeline
  context: ListContextValue
  /** Shows this post, and lights it up. */
  seq: number | undefined
}

/** An announcement conversation: its posts, the newest first. */
export default function Board({ timeline, context, seq }: Props) {
  const { t } = useTranslation('announcements')
  const weft = useWeft()
  const view = useObservable(timeline.view)
  const { conversation, canModerate } = context
  const [writing, setWriting] = useState<'new' | Message | null>(null)
  const me = conversation.me
  const publishes = me !== null && !conversation.archived && (canModerate || me.role === 'publisher')
  const newFrom = useNewFrom(conversation)
  useReadingOf(conversation, view.items)
  useEffect(() => {
    void timeline.jumpTo(seq === undefined ? 'newest' : { seq })
  }, [timeline, seq])
  const posts = view.items
    .filter((item) => postOf(item.message) || item.message.state !== 'live')
    .toReversed()
  const draft = publishes && weft.draft(conversation.id) !== ''
  return (
    <ListContextProvider value={context}>
      <MarkdownSlotsProvider value={slots}>
        <div className={css.board} tabIndex={-1}>
          <div className={css.column}>
            {publishes && (
              <div className={css.bar}>
                <Button
                  variant="primary"
                  icon={draft ? <Pencil size={16} aria-hidden /> : <Megaphone size={16} aria-hidden />}
                  onClick={() => setWriting('new')}
                >
                  {t(draft ? 'draft' : 'new')}
                </Button>
              </div>
            )}
            {view.error && (
              <ProblemBanner problem={view.error} retry={() => void timeline.jumpTo('newest')} />
            )}
            {view.loading === 'initial' && posts.length === 0 ? (
              <SkeletonRows rows={6} />
            ) : posts.length === 0 && !view.hasBefore ? (
              <EmptyState icon={<Megaphone size={32} aria-hidden />} title={t('empty')}>
                {t(publishes ? 'emptyPublisher' : 'emptyHint')}
              </EmptyState>
            ) : (
              posts.map((item) => (
                <PostCard
                  key={item.key}
                  item={item}
                  fresh={newFrom !== null && (item.message.n ?? 0) > newFrom && item.message.from !== weft.me}
                  lit={item.message.seq === seq}
                  mayEdit={publishes && item.message.from === weft.me}
                  onEdit={() => setWriting(item.message)}
                />
              ))
            )}
            {view.hasBefore && (
              <div className={css.bar}>
                <Button busy={view.loading === 'before'} onClick={() => void timeline.loadBefore()}>
                  {t('older')}
                </Button>
              </div>
            )}
          </div>
        </div>
        {writing && (
          <PostDialog
            conversation={conversation}
            post={writing === 'new' ? null : writing}
            onClose={() => setWriting(null)}
          />
        )}
      </MarkdownSlotsProvider>
    </ListContextProvider>
  )
}

/** The ordinal up to which everything was read when the reader came. */
function useNewFrom({ me }: ListContextValue['conversation']): number | null {
  return useState(() => me?.read_n ?? null)[0]
}

/** Tells the server what was on screen for a moment, while the window is visible. */
function useReadingOf(conversation: ListContextValue['conversation'], items: readonly TimelineItem[]): void {
  const weft = useWeft()
  const last = items.findLast((item) => item.state === 'sent')?.message.seq
  const { id, me } = conversation
  const waiting = me !== null && (conversation.unread > 0 || (last ?? 0) > me.read_seq)
  const marked = conversation.unreadFrom
  const entered = useRef(marked)
  useEffect(() => {
    // "Mark as unread" holds until the reader leaves.
    if (last === undefined || !waiting || marked !== entered.current) return
    const tell = () => document.visibilityState === 'visible' && weft.markRead(id, last)
    const timer = setTimeout(tell, READ_AFTER_MS)
    document.addEventListener('visibilitychange', tell)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', tell)
    }
  }, [weft, id, last, waiting, marked])
}
