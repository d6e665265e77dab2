import type { Message } from '@weft/sdk'

/** The Markdown a message's author wrote; empty for system messages and files. */
export function messageText(message: Pick<Message, 'content'>): string {
  return message.content.parts
    .filter((p) => p.type === 'markdown')
    .map((p) => String(p['text' as never] ?? ''))
    .join('\n')
}

/** What a message says, also when it was forwarded or quotes another: for quoting and copying. */
export function quotableText(message: Pick<Message, 'content'>): string {
  const post = message.content.parts.find((part) => part.type === 'post')
  if (post) return post.title
  const own = messageText(message)
  if (own) return own
  for (const part of message.content.parts) {
    const text = (part as { text?: unknown }).text
    if (part.type === 'forward' && typeof text === 'string') return text
    if (part.type === 'merged_forward') {
      const first = part.items[0]
      return part.title || (first ? quotableText({ content: { v: 1, parts: first.parts } }) : '')
    }
    if (part.type === 'poll') return part.question
    if (part.type === 'sticker') return `[${part.name}]`
    const files = (part as { files?: { name?: unknown }[] }).files
    if (part.type === 'files' && Array.isArray(files))
      return files.map((f) => String(f.name ?? '')).join(', ')
  }
  return ''
}
