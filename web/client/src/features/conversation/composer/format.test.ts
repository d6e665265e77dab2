import { describe, expect, it } from 'vitest'

import { applyFormat, continueList, inFence, type Edit, type Format } from './format'

/** `[` and `]` stand for the selection's ends, `|` for a caret. */
function parse(marked: string) {
  const start = marked.search(/[[|]/)
  const text = marked.replace(/[[\]|]/g, '')
  return { text, start, end: marked.includes('[') ? marked.indexOf(']') - 1 : start }
}
const done = (text: string, e: Edit) => text.slice(0, e.from) + e.insert + text.slice(e.to)
function format(f: Format, marked: string): string {
  const s = parse(marked)
  return done(s.text, applyFormat(f, s))
}

describe('toolbar', () => {
  it('wraps and unwraps', () => {
    expect(format('bold', '你[好]吗')).toBe('你**好**吗')
    expect(format('bold', '你**[好]**吗')).toBe('你好吗')
    expect(format('code', 'a[ b ]c')).toBe('a `b` c')
  })
  it('selects the place for words when nothing was selected', () => {
    const s = parse('ab|c')
    expect(applyFormat('italic', s).select).toEqual([3, 3])
  })
  it('marks and unmarks lines', () => {
    expect(format('list', 'x\n[a\nb]\ny')).toBe('x\n- a\n- b\ny')
    expect(format('list', '[- a\n- b]')).toBe('a\nb')
    expect(format('task', '- a|')).toBe('- ' + '[ ] ' + 'a')
    expect(format('numbered', '[- a\n- b]')).toBe('1. a\n2. b')
  })
  it('fences code that holds fences', () => {
    expect(format('codeBlock', 'a [```] b')).toBe('a \n````\n```\n````\n b')
  })
  it('makes links from words and from addresses', () => {
    const words = parse('看[这里]')
    expect(done(words.text, applyFormat('link', words))).toBe('看[这里](https://)')
    const url = parse('[https://a.cn]')
    expect(done(url.text, applyFormat('link', url))).toBe('[](https://a.cn)')
  })
})

describe('Enter in lists', () => {
  const go = (text: string) => {
    const e = continueList({ text, start: text.length, end: text.length })
    return e ? done(text, e) : null
  }
  it('carries the mark on', () => {
    expect(go('- a')).toBe('- a\n- ')
    expect(go('9. a')).toBe('9. a\n10. ')
    expect(go('- [x] a')).toBe('- [x] a\n- [ ] ')
  })
  it('ends at an empty item and stays out of plain text', () => {
    expect(go('a\n- ')).toBe('a\n')
    expect(go('plain')).toBeNull()
  })
})

it('knows fences', () => {
  expect(inFence('```\ncode', 6)).toBe(true)
  expect(inFence('```\ncode\n```\n', 13)).toBe(false)
})
