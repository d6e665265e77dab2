/** A window over one lane of a conversation: a run of messages without holes, ascending by `seq`. No I/O. */
import type { EventPayloads } from '../frames'
import type { Message, MessagePage, Reaction, Seq, Topic } from '../types'

export interface Window {
  readonly items: readonly Message[]
  /** Whether the lane has older messages than the first. */
  readonly hasBefore: boolean
  /** Whether it has newer ones than the last; if not, the window is live and grows by events. */
  readonly hasAfter: boolean
}

/** Index of the first message at or after `seq`. */
export function lowerBound(items: readonly Message[], seq: Seq): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const mid = (low + high) >> 1
    if ((items[mid] as Message).seq < seq) low = mid + 1
    else high = mid
  }
  return low
}

export function find(window: Window, seq: Seq): Message | undefined {
  const item = window.items[lowerBound(window.items, seq)]
  return item?.seq === seq ? item : undefined
}

/** The newer of two states of one message; knowledge that only one has is kept. */
export function newer(a: Message, b: Message): Message {
  const [old, now] = b.changed_seq >= a.changed_seq ? [a, b] : [b, a]
  const ahead = (old.replies?.last_n ?? 0) > (now.replies?.last_n ?? 0)
  if (!ahead && (now.nonce !== undefined || old.nonce === undefined)) return now
  return { ...now, nonce: now.nonce ?? old.nonce, replies: ahead ? old.replies : now.replies }
}

/** A new or changed message: replaced in place, or inserted where the window reaches; else ignored. */
export function upsert(window: Window, message: Message): Window {
  const { items } = window
  const at = lowerBound(items, message.seq)
  const present = items[at]
  if (present?.seq === message.seq) {
    const next = newer(present, message)
    return next === present ? window : replaceAt(window, at, next)
  }
  if (at === items.length && window.hasAfter) return window
  if (at === 0 && items.length > 0 && window.hasBefore) return window
  return { ...window, items: [...items.slice(0, at), message, ...items.slice(at)] }
}

/** Whether a message of the main flow belongs to a topic, or to `none`; to the whole flow (null) each does. */
export function isAbout(message: Message, topic: string | null): boolean {
  if (topic === null) return true
  return (message.topic?.id ?? (message.content.parts[0]?.type === 'system' ? '' : 'none')) === topic
}

/** Without a message that is no longer about what the window shows. */
export function remove(window: Window, message: Message): Window {
  const items = window.items.filter((m) => m.id !== message.id)
  return items.length < window.items.length ? { ...window, items } : window
}

/** A topic was renamed. */
export function withTopic(window: Window, { id, name }: Topic): Window {
  const old = (m: Message): boolean => m.topic?.id === id && m.topic.name !== name
  if (!window.items.some(old)) return window
  return { ...window, items: window.items.map((m) => (old(m) ? { ...m, topic: { id, name } } : m)) }
}

export function replaceAt(window: Window, index: number, message: Message): Window {
  const items = [...window.items]
  items[index] = message
  return { ...window, items }
}

/** Joins a page that adjoins or overlaps the window on one side. */
export function join(window: Window, page: MessagePage, side: 'before' | 'after'): Window {
  return {
    items: union(window.items, page.items),
    hasBefore: side === 'before' ? page.has_before : window.hasBefore,
    hasAfter: side === 'after' ? page.has_after : window.hasAfter,
  }
}

export function fromPage(page: MessagePage): Window {
  return { items: union([], page.items), hasBefore: page.has_before, hasAfter: page.has_after }
}

/** Keeps at most `limit` messages, dropping from the end away from the reader. */
export function evict(window: Window, limit: number, drop: 'first' | 'last'): Window {
  if (window.items.length <= limit) return window
  return drop === 'first'
    ? { ...window, items: window.items.slice(-limit), hasBefore: true }
    : { ...window, items: window.items.slice(0, limit), hasAfter: true }
}

function union(a: readonly Message[], b: readonly Message[]): Message[] {
  const bySeq = new Map<Seq, Message>()
  for (const message of a) bySeq.set(message.seq, message)
  for (const message of b) {
    const present = bySeq.get(message.seq)
    bySeq.set(message.seq, present ? newer(present, message) : message)
  }
  return [...bySeq.values()].sort((x, y) => x.seq - y.seq)
}

/** A reaction set or taken away, by the event at `seq`; nothing where the message is newer than the event. */
export function withReaction(message: Message, ev: EventPayloads['reaction'], seq: Seq): Message {
  if (seq <= message.changed_seq) return message
  const changed = react(message.reactions, ev.emoji, ev.by, ev.on, ev.count)
  return { ...message, reactions: changed, changed_seq: seq }
}

/** The reactions of a message after one person's; `count` where the server has told it. */
export function react(
  reactions: readonly Reaction[],
  emoji: string,
  by: string,
  on: boolean,
  count?: number,
): Reaction[] {
  const present = reactions.find((r) => r.emoji === emoji)
  const others = (present?.by ?? []).filter((id) => id !== by)
  const had = present !== undefined && others.length < present.by.length
  const known = present?.count ?? 0
  const total = count ?? (on === had ? known : known + (on ? 1 : -1))
  const next: Reaction = { emoji, count: total, by: on ? [...others, by] : others }
  if (total <= 0) return reactions.filter((r) => r !== present)
  return present ? reactions.map((r) => (r === present ? next : r)) : [...reactions, next]
}

const FACES = 3

/** The root of a thread after one more reply; unchanged where it has counted it already. */
export function withReply(root: Message, reply: Message): Message {
  const replies = root.replies ?? { count: 0, last_at: 0, last_n: 0, by: [] }
  if (reply.n === null || reply.n <= replies.last_n) return root
  if (reply.state !== 'live') {
    return root.replies ? { ...root, replies: { ...replies, last_n: reply.n } } : root
  }
  // Who replied last comes first.
  const by = [reply.from, ...replies.by.filter((id) => id !== reply.from)].slice(0, FACES)
  const last_at = Math.max(replies.last_at, reply.at)
  return { ...root, replies: { count: replies.count + 1, last_at, last_n: reply.n, by } }
}
