import type { Run } from './registry'

/** In Markdown, where a backslash and underscores mean something. */
const SHRUG = String.raw`¯\\\_(ツ)\_/¯`

export const run: Run = (args, { send }) => {
  send(args ? `${args} ${SHRUG}` : SHRUG)
  return 'sent'
}
