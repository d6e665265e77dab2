import { eastAsianWidthType as table } from 'get-east-asian-width'
import { describe, expect, it } from 'vitest'
import { decidedByOthers, eastAsianWidthType } from '../src/lib/markdown/eastAsianWidth'

/** What the parser makes of a class: CJK, not CJK, or up to the character before. */
function meaning(code: number, width: string): boolean | null {
  const char = String.fromCodePoint(code)
  if (width === 'ambiguous') return decidedByOthers(code) ? null : false
  if (width === 'neutral') return /\p{sc=Hangul}/u.test(char)
  return width === 'wide' ? !/\p{Emoji_Presentation}/u.test(char) : /^(full|half)width$/.test(width)
}

describe('the browser tells CJK from other text as the table does', () => {
  it('for every assigned character', () => {
    const wrong: string[] = []
    for (let code = 0x1100; code <= 0x10ffff; code++) {
      const char = String.fromCodePoint(code)
      if (/[\p{Cn}\p{Cs}\p{Co}]/u.test(char)) continue
      if (meaning(code, table(code)) !== meaning(code, eastAsianWidthType(code)))
        wrong.push(code.toString(16))
    }
    expect(wrong).toEqual([])
  })
})
