import { Problem, topicsOf, type Message, type ThreadRoot } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { Button, EmptyState, SkeletonRows } from '@weft/ui'
import { MessageSquareText } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { MarkdownSlotsProvider } from '../../../lib/markdown'
import { ProblemBanner } from '../../../shared/problem'
import { CannotWrite } from '../composer/CannotWrite'
import { Composer } from '../composer/ComposerSlot'
import { ListContextProvider, type ListContextValue } from '../context'
import { TopicLine } from '../list/TopicLine'
import { MessageRow } from '../message/MessageRow'
import { slots } from '../message/slots'
import { useListContext } from '../useListContext'
import { useSelection } from '../useSelection'
import type { ViewProps } from './TopicsView'
import css from './topics.module.css'
import './words'

const PAGE = 20
const MAX_SHOWN = 50
const SOON_MS = 300

/** A conversation as its threads: each message with the last replies, the liveliest first. */
export function ThreadsView({ conversation, place, actions, state, onJoin }: ViewProps) {
  const { t } = useTranslation('topics')
  const weft = useWeft()
  const timeline = useMemo(() => weft.timeline(conversation.id), [weft, conversation.id])
  const selection = useSelection(timeline)
  const context = useListContext(conversation, undefined, actions, selection)
  const { roots, next, problem, loading, more, again } = useRoots(conversation.id)
  const pending = useObservable(timeline.view).items.filter((item) => item.state !== 'sent')
  const scroller = useRef<HTMLDivElement>(null)
  useRead(conversation.id, conversation.me !== null, roots)
  return (
    <>
      <div ref={scroller} className={css.threads} tabIndex={0} role="region" aria-label={t('threads')}>
        <ListContextProvider value={context}>
          <MarkdownSlotsProvider value={slots}>
            {pending.map((item) => (
              <article key={item.key} className={css.thread}>
                <MessageRow item={item} head focusable={false} lit={false} editing={false} />
              </article>
            ))}
            {roots.map((root) => (
              <Thread
                key={root.message.id}
                root={root}
                context={context}
                editingId={state.editingId === place.thread ? null : state.editingId}
              />
            ))}
          </MarkdownSlotsProvider>
        </ListContextProvider>
        {problem && (
          <div className={css.pad}>
            <ProblemBanner problem={problem} retry={again} />
          </div>
        )}
        {loading && roots.length === 0 && <SkeletonRows rows={6} />}
        {!loading && !problem && roots.length + pending.length === 0 && (
          <EmptyState title={t('threadsEmptyTitle')}>{t('threadsEmptyBody')}</EmptyState>
        )}
        {next !== null && (
          <div className={css.pad}>
            <Button busy={loading} onClick={more}>
              {t('more')}
            </Button>
          </div>
        )}
      </div>
      {conversation.me && !conversation.archived ? (
        <Composer
          conversation={conversation}
          quote={state.quote?.thread ? null : state.quote}
          onQuoteEnd={() => state.setQuote(null)}
          onEditLast={() => undefined}
          onSent={() => scroller.current?.scrollTo({ top: 0 })}
          insert={place.thread ? null : state.insert}
        />
      ) : (
        <CannotWrite conversation={conversation} onJoin={onJoin} />
      )}
    </>
  )
}

const sent = (message: Message) => ({ key: message.id, message, state: 'sent' as const })

function Thread(props: { root: ThreadRoot; context: ListContextValue; editingId: string | null }) {
  const { root, context, editingId } = props
  const { t } = useTranslation('topics')
  const { message, replies } = root
  const earlier = (message.replies?.count ?? 0) - replies.filter((m) => m.state === 'live').length
  const inner = useMemo(() => ({ ...context, thread: message.id }), [context, message.id])
  const open = () => context.actions.openThread(message)
  // The thread under it says how many; here it stands open.
  const item = useMemo(() => sent({ ...message, replies: null }), [message])
  return (
    <article className={css.thread}>
      {message.topic && <TopicLine topic={message.topic} />}
      <MessageRow item={item} head focusable lit={false} editing={editingId === message.id} />
      <ListContextProvider value={inner}>
        <div className={css.replies}>
          {earlier > 0 && (
            <button type="button" className={css.earlier} onClick={open}>
              {t('earlier', { count: earlier })}
            </button>
          )}
          {replies.map((reply) => (
            <MessageRow
              key={reply.id}
              item={sent(reply)}
              head
              focusable={false}
              lit={false}
              editing={editingId === reply.id}
            />
          ))}
          {context.conversation.me && (
            <Button
              size="s"
              variant="ghost"
              icon={<MessageSquareText size={14} aria-hidden />}
              onClick={open}
            >
              {t('reply')}
            </Button>
          )}
        </div>
      </ListContextProvider>
    </article>
  )
}

/** The threads, asked for again when something happens in the conversation. */
function useRoots(conversation: string) {
  const weft = useWeft()
  const topics = topicsOf(weft)
  const happened = useObservable(useMemo(() => topics.happened(conversation), [topics, conversation]))
  const [roots, setRoots] = useState<readonly ThreadRoot[]>([])
  const [next, setNext] = useState<string | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [loading, setLoading] = useState(true)
  const turn = useRef(0)
  const count = useRef(PAGE)
  const load = useCallback(
    async (cursor: string | null) => {
      const mine = ++turn.current
      setLoading(true)
      try {
        const limit = cursor === null ? Math.min(MAX_SHOWN, Math.max(PAGE, count.current)) : PAGE
        const page = await topics.threads(conversation, cursor, limit)
        if (mine !== turn.current) return
        setRoots((now) => {
          if (cursor === null) return page.items
          const fresh = new Set(page.items.map((root) => root.message.id))
          return [...now.filter((root) => !fresh.has(root.message.id)), ...page.items]
        })
        count.current = cursor === null ? page.items.length : count.current + page.items.length
        setNext(page.next_cursor)
        setProblem(null)
      } catch (error) {
        if (mine === turn.current) setProblem(Problem.of(error))
      } finally {
        if (mine === turn.current) setLoading(false)
      }
    },
    [topics, conversation],
  )
  const first = useRef(true)
  useEffect(() => {
    const timer = setTimeout(() => void load(null), first.current ? 0 : SOON_MS)
    first.current = false
    return () => clearTimeout(timer)
  }, [load, happened])
  return { roots, next, problem, loading, more: () => void load(next), again: () => void load(null) }
}

/** What is newest is in sight here first: with it, the conversation is read. */
function useRead(conversation: string, member: boolean, roots: readonly ThreadRoot[]) {
  const weft = useWeft()
  const newest = roots.reduce((seq, root) => Math.max(seq, root.message.seq), 0)
  useEffect(() => {
    if (!member || newest === 0) return
    const tell = () => document.visibilityState === 'visible' && weft.markRead(conversation, newest)
    const timer = setTimeout(tell, SOON_MS)
    document.addEventListener('visibilitychange', tell)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', tell)
    }
  }, [weft, conversation, member, newest])
}
