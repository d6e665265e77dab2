/** The arithmetic of unread counts and read marks, on one held conversation. No I/O. */
import type { Conversation, Membership, Message, Seq } from '../types'
import type { Held } from './model'

/** More than anybody's badge shows; the server's count replaces it at the next membership event. */
const MAX_MENTIONS_KEPT = 500

/** Number of unread messages of the main flow; at least one where marked unread. */
export function unreadCount(conversation: Conversation): number {
  const me = conversation.me
  if (!me) return 0
  const unread = Math.max(0, conversation.last_n - me.read_n)
  return me.unread_from === null ? unread : Math.max(1, unread)
}

/** Whether a message calls for the attention of `me`; where it is muted, everybody's call does not. */
export function mentionsMe(message: Message, me: string, seat?: Membership): boolean {
  const all = message.mention_all !== null && !seat?.all_silenced && !seat?.muted
  return message.from !== me && (all || message.mentions.includes(me))
}

/** Counts a message of the log: idempotent, because ordinals only rise. Replies of threads count elsewhere. */
export function countMessage(held: Held, message: Message, me: string): Held {
  const { conversation } = held
  if (message.thread !== null || message.n === null || message.n <= conversation.last_n) return held
  const counted = { ...conversation, last_n: message.n, last_at: Math.max(conversation.last_at, message.at) }
  if (message.from === me) return readTo({ ...held, conversation: counted }, message.seq, message.n)
  const next: Held = { ...held, conversation: counted, countedN: Math.max(held.countedN, message.n) }
  const mine =
    message.n > held.countedN && message.n > counted.me.read_n && mentionsMe(message, me, counted.me)
  if (!mine) return next
  return {
    ...next,
    conversation: { ...counted, me: { ...counted.me, mentions: counted.me.mentions + 1 } },
    mentionNs: [...held.mentionNs, message.n].slice(-MAX_MENTIONS_KEPT),
  }
}

/** Raises the read mark to a message; never lowers it. */
export function readTo(held: Held, seq: Seq, n: number): Held {
  const me = held.conversation.me
  const read_n = Math.max(me.read_n, n)
  const mentionNs = held.mentionNs.filter((m) => m > read_n)
  // Mentions from before this client counted are known only in total: none are left at the end, and short of
  // it the server's next count tells.
  const mentions = read_n >= Math.max(held.countedN, held.conversation.last_n) ? 0 : me.mentions
  const next = { ...me, read_seq: Math.max(me.read_seq, seq), read_n, mentions }
  return {
    ...held,
    conversation: { ...held.conversation, me: next },
    countedN: Math.max(held.countedN, mentions === 0 ? read_n : 0),
    mentionNs,
  }
}

/**
 * Takes over a membership from the server, whose mentions are counted up to ordinal `countedTo`. A read mark
 * that has risen here meanwhile stays.
 */
export function mergeMembership(held: Held, theirs: Membership, countedTo: number): Held {
  const mine = held.conversation.me
  if (mine.read_seq > theirs.read_seq) {
    const { read_seq, read_n, mentions, unread_from } = mine
    const me = { ...theirs, read_seq, read_n: Math.max(read_n, theirs.read_n), mentions, unread_from }
    return { ...held, conversation: { ...held.conversation, me } }
  }
  const me = { ...theirs, read_n: Math.max(mine.read_n, theirs.read_n) }
  const later = held.mentionNs.filter((n) => n > countedTo && n > me.read_n)
  return {
    ...held,
    conversation: { ...held.conversation, me: { ...me, mentions: theirs.mentions + later.length } },
    countedN: Math.max(held.countedN, countedTo),
    mentionNs: later,
  }
}

/** Sets or clears "mark as unread". */
export function setUnreadFrom(held: Held, seq: Seq | null): Held {
  const me = { ...held.conversation.me, unread_from: seq }
  return { ...held, conversation: { ...held.conversation, me } }
}
