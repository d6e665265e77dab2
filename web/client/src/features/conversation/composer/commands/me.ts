import { emphasised } from './emphasis'
import { wordsOf } from './words'
import type { Run } from './registry'

export const run: Run = (args, { send }) => {
  if (!args) return { problem: wordsOf('me.empty') }
  send(emphasised(args))
  return 'sent'
}
