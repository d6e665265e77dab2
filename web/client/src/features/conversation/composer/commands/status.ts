import type { Status } from '@weft/sdk'

import { loadEmoji, type EmojiIndex } from '../../../../lib/emoji'
import { findWhen } from '../../../../shared/when/parse'
import { instantOf } from '../../../../shared/when/when'
import { expiryAt } from '../../../../shared/status'
import { wordsOf } from './words'
import type { Run } from './registry'

const CLEAR = /^(?:clear|off|none|清除|取消)$/i
const EMOJI =
  /^(?:(\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\u200d|\ufe0f|\p{Extended_Pictographic})*)|:([a-z0-9_+-]+):)\s*/u
/** Between the words and their end. */
const UNTIL = /(?:\s*(?:until|till|for|直到|到|至|持续))$/i
const FOR = /^(?:for)\s+/i

/** What `/status` asks for; null: nothing is said. */
export function readStatus(
  args: string,
  emoji: Pick<EmojiIndex, 'char'> | null,
  now: number,
  zone: string | undefined,
): Status | null {
  const glyph = EMOJI.exec(args)
  const mark = glyph ? (glyph[1] ?? emoji?.char(glyph[2]!) ?? `:${glyph[2]}:`) : '💬'
  const words = glyph ? args.slice(glyph[0].length) : args
  const asked = { now, zone }
  // “for 2 hours” is “in 2 hours” from now.
  const found = findWhen(words.replace(/\bfor\s+(?=[\d a-z]+$)/i, 'in '), asked)
  const end = found ? instantOf(found.when) : expiryAt('today', new Date(now / 1000))
  const text = (found ? found.rest.replace(UNTIL, '').replace(FOR, '') : words).trim()
  if (!text && !glyph) return null
  return { emoji: mark, text, until: end }
}

export const run: Run = async (args, { weft, style, say }) => {
  if (!args) return { problem: wordsOf('status.empty') }
  if (CLEAR.test(args)) {
    await weft.api.me.update({ status: null })
    say(wordsOf('status.cleared'))
    return 'done'
  }
  // Without the table, a shortcode stays one.
  const emoji = args.startsWith(':') ? await loadEmoji().catch(() => null) : null
  const status = readStatus(args, emoji, Date.now() * 1000, style.zone)
  if (!status) return { problem: wordsOf('status.empty') }
  await weft.api.me.update({ status })
  say(wordsOf('status.done'))
  return 'done'
}
