import type { Message, PostPart } from '@weft/sdk'

import type { Shown } from '../context'

/** The head of an announcement, if the message is one. */
export const postOf = (message: Pick<Message, 'content'>): PostPart | undefined =>
  message.content.parts.find((part): part is PostPart => part.type === 'post')

/** Whether an announcement can be commented on now. */
export const commentable = (conversation: Shown, message: Message): boolean =>
  message.state === 'live' && conversation.comments !== false && postOf(message)?.comments === true

/** A title and a text as one draft: the title is its first line. */
export const joinDraft = (title: string, text: string): string =>
  title.trim() || text.trim() ? `${title.replace(/\s+/g, ' ')}\n${text}` : ''

/** The title and the text of a draft. */
export function splitDraft(draft: string): { title: string; text: string } {
  const end = draft.indexOf('\n')
  return end < 0 ? { title: draft, text: '' } : { title: draft.slice(0, end), text: draft.slice(end + 1) }
}
