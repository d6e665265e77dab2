import type { Api } from './api'
import type { MembershipPatch } from './api/conversations'
import type { Model } from './sync/model'

/** Changes my own state in a conversation at once; takes it back where the server refuses. */
export async function setMembership(
  api: Api,
  model: Model,
  conversation: string,
  patch: MembershipPatch,
  touched: (conversation: string) => void,
): Promise<void> {
  const held = model.conversations.get(conversation)
  const put = (fields: MembershipPatch): void => {
    const now = model.conversations.get(conversation)
    if (!now) return
    const { snooze, ...plain } = fields
    const away = snooze || plain.hidden ? { hidden: true, hidden_n: now.conversation.last_n } : {}
    const me = { ...now.conversation.me, ...plain, ...away }
    // One is the other; the server answers with both.
    if (fields.level !== undefined) me.muted = fields.level === 'nothing'
    else if (fields.muted !== undefined) me.level = fields.muted ? 'nothing' : null
    model.conversations.set(conversation, { ...now, conversation: { ...now.conversation, me } })
    touched(conversation)
  }
  put(patch)
  try {
    await api.conversations.setMembership(conversation, patch)
  } catch (error) {
    if (held) {
      const { muted, favourite, section, hidden, level = null, all_silenced = false } = held.conversation.me
      put({ favourite, section, hidden, level: muted ? 'nothing' : level, all_silenced })
    }
    throw error
  }
}
