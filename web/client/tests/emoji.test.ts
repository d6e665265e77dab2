import type { OrgEmoji } from '@weft/sdk'
import { describe, expect, it } from 'vitest'

import standard from '../../../crates/kernel/src/standard_emoji.txt?raw'
import groups from '../src/lib/emoji/data.json'
import { parseMarkdown } from '../src/lib/markdown'
import { findOrgEmoji, suggestedName } from '../src/shared/emoji/find'

const emoji = (name: string, search_key?: string, aliases: string[] = []): OrgEmoji => ({
  id: `emo_${name}`,
  name,
  aliases,
  ...(search_key ? { search_key } : {}),
  by: 'usr_x',
  at: 0,
  animated: false,
  width: 1,
  height: 1,
})

describe('emoji of the org', () => {
  const all = [
    emoji('打工人', '打工人 dagongren dgr'),
    emoji('party_parrot', undefined, ['jubel']),
    emoji('part'),
  ]
  const found = (query: string) => findOrgEmoji(all, query, 5).map(({ name }) => name)

  it('are found by name, alias, pinyin and initials, the best first', () => {
    expect(found('part')).toEqual(['part', 'party_parrot'])
    expect(found(':jubel:')).toEqual(['party_parrot'])
    expect(found('打')).toEqual(['打工人'])
    expect(found('DAGONG')).toEqual(['打工人'])
    expect(found('dgr')).toEqual(['打工人'])
    expect(found('parrot')).toEqual(['party_parrot'])
    expect(found('nothing')).toEqual([])
    expect(found('')).toHaveLength(3)
  })

  it('are named after their files', () => {
    for (const [file, name] of [
      ['Party Parrot.GIF', 'party_parrot'],
      ['__打工人 (2).png', '打工人_2'],
      ['é.png', ''],
      [`${'x'.repeat(31)}_y.png`, 'x'.repeat(31)],
    ] as const)
      expect(suggestedName(file)).toBe(name)
  })

  it('are written between colons, in Chinese too', () => {
    expect(parseMarkdown('早:打工人:！')).toEqual([
      {
        t: 'p',
        c: [
          { t: 'text', v: '早' },
          { t: 'emoji', name: '打工人' },
          { t: 'text', v: '！' },
        ],
      },
    ])
    expect(parseMarkdown('10:30:40')).toEqual([{ t: 'p', c: [{ t: 'text', v: '10:30:40' }] }])
  })
})

it('the server knows the names of standard emoji that this client knows', () => {
  const ours = new Set((groups as string[][][]).flat().flatMap(([, codes]) => codes!.split(' ')))
  expect([...ours].sort()).toEqual(standard.trim().split('\n'))
})
