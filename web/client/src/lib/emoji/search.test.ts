import { describe, expect, it } from 'vitest'

import groups from './data.json'
import { EmojiIndex, type EmojiRow } from './search'

const index = new EmojiIndex(groups as unknown as EmojiRow[][])

describe('emoji table', () => {
  it('knows the shortcodes that exports carry', () => {
    for (const code of ['+1', 'thumbsup', 'tada', 'joy', 'heart', 'white_check_mark', 'eyes', 'pray'])
      expect(index.char(code), code).toBeTruthy()
  })
  it('finds by English and Chinese words', () => {
    const chars = (q: string) => index.search(q, 20).map((e) => e.codes[0])
    expect(chars('+1')[0]).toBe('+1')
    expect(chars('赞')).toContain('+1')
    expect(chars('笑').length).toBeGreaterThan(3)
    expect(chars('rocket')[0]).toBe('rocket')
    expect(chars('火箭')[0]).toBe('rocket')
    expect(chars('no such thing at all')).toEqual([])
  })
  it('recognises a character with or without its variation selector', () => {
    expect(index.find('❤')?.codes[0]).toBe('heart')
    expect(index.find('❤️')?.codes[0]).toBe('heart')
  })
})
