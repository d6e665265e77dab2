import { describe, expect, it } from 'vitest'

import { pieceAt, pieces, replaced, without, words, written } from './language'

describe('the query language', () => {
  it('tells words, phrases and filters apart', () => {
    const found = pieces('发布 "last week" -from:"Zhang Wei" in：#general http://a/b')
    expect(found.map(({ filter, typed, negated }) => [filter, typed, negated])).toEqual([
      [null, '发布', false],
      [null, 'last week', false],
      ['from', 'Zhang Wei', true],
      ['in', '#general', false],
      [null, 'http://a/b', false],
    ])
  })

  it('knows the piece at the caret', () => {
    expect(pieceAt('plan from:zh', 12)).toMatchObject({ filter: 'from', typed: 'zh', start: 5, end: 12 })
    expect(pieceAt('plan from:', 10)).toMatchObject({ filter: 'from', typed: '' })
    expect(pieceAt('plan ', 5)).toBeNull()
    expect(pieceAt('from:"open quo', 14)).toMatchObject({ filter: 'from', typed: 'open quo' })
  })

  it('writes filters that are read again', () => {
    expect(written('from', 'Zhang Wei')).toBe('from:"Zhang Wei"')
    expect(written('in', '#a"b', true)).toBe('-in:#ab')
    expect(replaced('plan fr x', pieceAt('plan fr x', 7), 'from:')).toEqual({
      query: 'plan from: x',
      caret: 10,
    })
    expect(replaced('plan ', null, 'has:link')).toEqual({ query: 'plan has:link', caret: 13 })
  })

  it('takes filters out', () => {
    expect(without('a on:today b before:2024', ['on', 'before', 'after'])).toBe('a b')
    expect(words('a from:me "b c" -d')).toBe('a b c')
  })
})
