import type { Message } from '@weft/sdk'
import { expect, it } from 'vitest'

import { readStory } from './system'

const sys = (code: string, params: Record<string, unknown>, from = 'usr_a') =>
  ({ from, content: { v: 1, parts: [{ type: 'system', code, params }] } }) as unknown as Message

it('takes the author as the one who joined when nobody is named', () => {
  expect(readStory([sys('member.joined', {}), sys('member.joined', {}, 'usr_b')]).subjects).toEqual([
    'usr_a',
    'usr_b',
  ])
})
it('collects everyone who was added', () => {
  const story = readStory([sys('member.invited', { members: ['usr_b', 'usr_c'], by: 'usr_a' })])
  expect(story).toMatchObject({ code: 'member.invited', actor: 'usr_a', subjects: ['usr_b', 'usr_c'] })
})
it('reads a new name or topic', () => {
  expect(readStory([sys('topic.changed', { topic: '本周发布' })]).text).toBe('本周发布')
})
it('reads where the earlier messages are', () => {
  expect(readStory([sys('history.imported', { conversation: 'cnv_h', source: 'slack' })])).toMatchObject({
    code: 'history.imported',
    place: 'cnv_h',
  })
})
it('gives unknown codes and odd parameters a neutral line', () => {
  expect(readStory([sys('quantum.entangled', { a: { b: [null] } })]).code).toBe('unknown')
  expect(readStory([{ from: 'usr_a', content: { v: 1, parts: [] } } as unknown as Message]).code).toBe(
    'unknown',
  )
})
