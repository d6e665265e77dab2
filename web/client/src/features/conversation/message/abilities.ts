import type { Message } from '@weft/sdk'

import type { ListContextValue } from '../context'

const RECALL_WITHIN = 24 * 3600 * 1_000_000

/** What the reader may do with a message. */
export function abilities(message: Message, list: ListContextValue, now = Date.now() * 1000) {
  const live = message.state === 'live'
  const own = message.from === list.me
  const joined = list.conversation.me !== null && !list.conversation.archived
  const text = message.content.parts.some((p) => p.type === 'markdown')
  return {
    write: live && joined,
    /** Pinned, or kept for later. */
    keep: !message.vanish,
    edit: live && own && joined && text,
    buzz:
      live && own && joined && !message.vanish && !message.ack?.urgent && list.conversation.member_count > 1,
    recall: live && own && joined && now - message.at < RECALL_WITHIN,
    remove: (live || message.state === 'recalled') && (own || list.canModerate),
    topic:
      live &&
      joined &&
      list.conversation.kind !== 'direct' &&
      message.thread === null &&
      (own || list.canModerate),
    thread: live && !list.thread && message.thread === null,
  }
}
