import { wordsOf } from './words'
import type { Run } from './registry'

const PERSON = /<@(usr_[0-9a-z]+)>/g

export const run: Run = async (args, { weft, conversation, say }) => {
  const people = [...new Set(Array.from(args.matchAll(PERSON), (hit) => hit[1] as string))]
  if (!people.length) return { problem: wordsOf('invite.nobody') }
  await weft.api.conversations.addMembers(conversation.id, people)
  say(wordsOf('invite.done', { count: people.length, name: conversation.title }))
  return 'done'
}
