/** The newest message of a direct or group conversation, as its list shows it. No I/O. */
import type { Conversation, Message, Part } from '../types'
import type { Held, Preview } from './model'

/** More than a line of a list shows: what is kept for thousands of conversations must be small. */
const MAX_TEXT = 160
const MAX_PARTS = 4

/** Channels are many and their messages loud: only what is between people is previewed. */
export function isPreviewed(conversation: Pick<Conversation, 'kind'>): boolean {
  return conversation.kind === 'direct' || conversation.kind === 'group'
}

/** Takes over a message, new or changed, where it is the newest of the main flow. */
export function withLast(held: Held, message: Message): Held {
  if (!isPreviewed(held.conversation) || message.thread !== null || message.n === null) return held
  return message.n < held.conversation.last_n ? held : { ...held, last: previewOf(message) }
}

/** A message cut down to what a list shows. */
export function previewOf(message: Preview): Preview {
  const { from, at, state, content, vanish } = message
  // Nothing of what vanishes is kept on the device.
  if (vanish) return { from, at, state: 'vanished', content: { v: 1, parts: [] } }
  return { from, at, state, content: { v: 1, parts: content.parts.slice(0, MAX_PARTS).map(short) } }
}

function short(part: Part): Part {
  if (part.type === 'merged_forward') {
    const items = part.items
      .slice(0, 1)
      .map((item) => ({ ...item, parts: item.parts.slice(0, 1).map(short) }))
    return { ...part, items }
  }
  const { text } = part as { text?: unknown }
  return typeof text === 'string' && text.length > MAX_TEXT
    ? ({ ...part, text: text.slice(0, MAX_TEXT) } as Part)
    : part
}
