import { wordsOf } from './words'
import type { Run } from './registry'

export const run: Run = async (args, { weft, conversation, say }) => {
  const topic = args.replace(/\s+/g, ' ').trim()
  if (!topic) return { problem: conversation.topic || wordsOf('topic.none') }
  await weft.api.conversations.update(conversation.id, { topic })
  say(wordsOf('topic.done'))
  return 'done'
}
