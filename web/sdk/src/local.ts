/** Messages that are not in the log yet, in the shape of those that are. */
import type { Ack } from './frames'
import { Problem } from './problem'
import type { OutboxEntry } from './store/store'
import type { TimelineItem } from './timeline'
import type { Message, Part } from './types'

const MENTION = /<@(usr_[0-9a-z]+)>/g

const UNANSWERED = { total: 0, acknowledged: 0, done: 0, reminded_at: null }

/** An outgoing message as a timeline shows it. Its `seq` is 0: it has no place in the log. */
export function localMessage(entry: OutboxEntry, me: string): Message {
  return {
    id: `local_${entry.nonce}`,
    conversation: entry.conversation,
    seq: 0,
    n: null,
    thread: entry.thread,
    thread_seq: null,
    from: me,
    at: entry.at,
    state: 'live',
    edited_at: null,
    changed_seq: 0,
    nonce: entry.nonce,
    content: { v: 1, parts: localParts(entry) },
    mentions: [...new Set(Array.from(entry.text.matchAll(MENTION), (m) => m[1] as string))],
    mention_all: entry.text.includes('<@all>') ? 'all' : entry.text.includes('<@here>') ? 'here' : null,
    reactions: [],
    pinned: null,
    replies: null,
    ack: entry.ack
      ? {
          ...UNANSWERED,
          people: entry.ack.from ?? [],
          deadline: entry.ack.deadline ?? null,
          ...(entry.ack.urgent ? { urgent: { state: 'open' as const, at: entry.at } } : {}),
        }
      : null,
    ...(entry.topic && { topic: { id: '', ...entry.topic } }),
    ...(entry.vanish && { vanish: { after: entry.vanish, at: null } }),
  }
}

function localParts(entry: OutboxEntry): Part[] {
  const parts: Part[] = entry.text ? [{ type: 'markdown', text: entry.text }] : []
  if (entry.files?.length) parts.push({ type: 'files', files: entry.files })
  return parts
}

export function localItem(entry: OutboxEntry, me: string): TimelineItem {
  return {
    key: entry.nonce,
    message: localMessage(entry, me),
    state: entry.state === 'failed' ? 'failed' : 'sending',
    ...(entry.problem ? { problem: new Problem(entry.problem.code, entry.problem) } : {}),
  }
}

/** An acknowledged message, until the log brings the server's own form of it. */
export function ackedMessage(entry: OutboxEntry, me: string, ack: Ack): Message {
  // Older than every state that the log tells, whichever comes first.
  return { ...localMessage(entry, me), ...ack, changed_seq: 0 }
}
