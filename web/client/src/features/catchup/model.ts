import type { ConversationView, ThreadItem } from '@weft/sdk'

/** Why something is unread, in the order in which one goes through it. */
export const REASONS = ['mentions', 'direct', 'threads', 'favourite', 'rest', 'announcements'] as const
export type Reason = (typeof REASONS)[number]

/** One thing to go through: a conversation, or a followed thread. */
export interface Entry {
  key: string
  reason: Reason
  conversation: string
  /** A thread's root. */
  thread: ThreadItem | null
  /** How much was unread when the queue was made, and up to where. */
  unread: number
  readN: number
  lastN: number
  headSeq: number
  /** When something was last said. */
  at: number
}

function reasonOf(view: ConversationView): Reason {
  if (view.mentions > 0) return 'mentions'
  if (view.kind === 'direct' || view.kind === 'group') return 'direct'
  if (view.kind === 'announcement') return 'announcements'
  return view.me.favourite ? 'favourite' : 'rest'
}

/** What is unread, the most important first; what is muted only where it calls one. */
export function makeQueue(views: readonly ConversationView[], threads: readonly ThreadItem[]): Entry[] {
  const unread = views.filter(
    (view) => (view.unread > 0 || view.unreadFrom !== null) && (!view.me.muted || view.mentions > 0),
  )
  const muted = new Set(views.filter((view) => view.me.muted).map((view) => view.id))
  const all: Entry[] = unread.map((view) => ({
    key: view.id,
    reason: reasonOf(view),
    conversation: view.id,
    thread: null,
    unread: view.unread,
    readN: view.unreadFrom === null ? view.me.read_n : Math.min(view.me.read_n, view.last_n - 1),
    lastN: view.last_n,
    headSeq: view.head_seq,
    at: view.last_at,
  }))
  for (const thread of threads) {
    if (!thread.following || thread.last_n <= thread.read_n || muted.has(thread.conversation)) continue
    all.push({
      key: thread.root,
      reason: 'threads',
      conversation: thread.conversation,
      thread,
      unread: thread.last_n - thread.read_n,
      readN: thread.read_n,
      lastN: thread.last_n,
      headSeq: 0,
      at: thread.message.replies?.last_at ?? thread.message.at,
    })
  }
  const rank = (entry: Entry) => REASONS.indexOf(entry.reason)
  return all.sort((a, b) => rank(a) - rank(b) || b.at - a.at)
}
