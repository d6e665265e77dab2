import { expect, it } from 'vitest'

import { triggerAt } from './trigger'

const at = (text: string) => triggerAt(text, text.length)

it('opens after spaces, at the start and after Chinese', () => {
  expect(at('@')).toEqual({ kind: 'person', start: 0, query: '' })
  expect(at('hi @zhang')).toEqual({ kind: 'person', start: 3, query: 'zhang' })
  expect(at('请@张')).toEqual({ kind: 'person', start: 1, query: '张' })
  expect(at('见#gen')).toMatchObject({ kind: 'channel', query: 'gen' })
  expect(at('好 :smi')).toMatchObject({ kind: 'emoji', query: 'smi' })
})
it('stays shut in addresses, times, smileys and after a space', () => {
  for (const text of ['me@weft', 'http://a#b', '10:30', 'note:', ':)', ':3', '@zhang san ', 'a\n', ''])
    expect(at(text), text).toBeNull()
})
it('looks at the caret’s line only', () => {
  expect(triggerAt('@zh\nx', 5)).toBeNull()
  expect(triggerAt('@zh x', 3)).toMatchObject({ query: 'zh' })
})
it('offers commands at the beginning only', () => {
  expect(at('/')).toEqual({ kind: 'command', start: 0, query: '' })
  expect(at('/rem')).toMatchObject({ kind: 'command', query: 'rem' })
  expect(at('／提')).toMatchObject({ kind: 'command', query: '提' })
  for (const text of ['a /rem', ' /rem', '//', '/usr/', '/rem x', 'x\n/rem'])
    expect(at(text), text).toBeNull()
  expect(triggerAt('/rem', 4, false)).toBeNull()
})
