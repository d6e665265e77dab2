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
    model.conversations.set(conversation, { ...now, conversation: { ...now.conversation, me } })
    touched(conversation)
  }
  put(patch)
  try {
    await api.conversations.setMembership(conversation, patch)
  } catch (error) {
    if (held) {
      const { muted, favourite, section, hidden } = held.conversation.me
      put({ muted, favourite, section, hidden })
    }
    throw error
  }
}
