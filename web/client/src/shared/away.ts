import type { ConversationView } from '@weft/sdk'

/**
 * Whether a conversation was put away and has not returned. The next message brings it back; where it is muted,
 * only one that mentions the reader, which is all that would be told of it.
 */
export function isAway(
  view: Pick<ConversationView, 'me' | 'last_n' | 'mentions' | 'unread' | 'unreadFrom'>,
): boolean {
  const { me } = view
  if (!me?.hidden || view.mentions > 0) return false
  if (me.muted) return true
  // Put away before this was counted: until anything is unread.
  return me.hidden_n === undefined
    ? view.unread === 0 && view.unreadFrom === null
    : view.last_n <= me.hidden_n
}
