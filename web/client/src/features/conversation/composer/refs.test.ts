import { describe, expect, it } from 'vitest'

import { diff, follow, fromWire, toWire, wireIds } from './refs'

const names: Record<string, string> = { usr_1: '张伟', usr_2: 'Ada', cnv_1: 'general', all: '所有人' }
const open = (wire: string) => fromWire(wire, (id) => names[id])

describe('mentions in the composer', () => {
  it('reads and writes the same text', () => {
    const wire = '请 <@usr_1> 和<@usr_2>看 <#cnv_1>，<@all>'
    const { text, refs } = open(wire)
    expect(text).toBe('请 @张伟 和@Ada看 #general，@所有人')
    expect(toWire(text, refs)).toBe(wire)
  })
  it('leaves unknown ids in place', () => {
    const { text, refs } = open('<@usr_9> hi <@usr_1>')
    expect(text).toBe('<@usr_9> hi @张伟')
    expect(toWire(text, refs)).toBe('<@usr_9> hi <@usr_1>')
  })
  it('follows typing before, between and after', () => {
    const { text, refs } = open('a <@usr_1> b <@usr_2>')
    const after = `xx${text.replace(' b ', ' longer ')}!`
    const step1 = follow(refs, text, `xx${text}`)
    const step2 = follow(step1, `xx${text}`, `xx${text.replace(' b ', ' longer ')}`)
    const step3 = follow(step2, `xx${text.replace(' b ', ' longer ')}`, after)
    expect(toWire(after, step3)).toBe('xxa <@usr_1> longer <@usr_2>!')
  })
  it('drops a mention whose name was edited', () => {
    const { text, refs } = open('<@usr_1> <@usr_2>')
    const after = '@张 @Ada'
    expect(toWire(after, follow(refs, text, after))).toBe('@张 <@usr_2>')
  })
  it('keeps the right one of two equal names', () => {
    const { text, refs } = open('<@usr_1> <@usr_1>')
    const after = '@张伟'
    expect(toWire(after, follow(refs, text, after, 0))).toMatch(/<@usr_1>|@张伟/)
    const more = `${text} @张伟`
    expect(toWire(more, follow(refs, text, more))).toBe('<@usr_1> <@usr_1> @张伟')
  })
  it('survives replacing everything', () => {
    const { text, refs } = open('<@usr_1>')
    expect(follow(refs, text, '')).toEqual([])
    expect(toWire('', [])).toBe('')
  })
  it('does not take overlapping or outlying refs', () => {
    expect(toWire('ab', [{ start: 0, end: 9, wire: '<@usr_1>' }])).toBe('ab')
  })
})

it('finds what an edit replaced, by the caret where it is ambiguous', () => {
  expect(diff('aa', 'aaa', 1)).toEqual({ start: 0, end: 0, inserted: 1 })
  expect(diff('abc', 'axc')).toEqual({ start: 1, end: 2, inserted: 1 })
  expect(diff('same', 'same')).toMatchObject({ inserted: 0 })
})

it('lists mentioned ids', () => {
  expect(wireIds('<@usr_1> <@all> <#cnv_2>')).toEqual(['usr_1', 'cnv_2'])
})
