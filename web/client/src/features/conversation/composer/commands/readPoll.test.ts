import { expect, it } from 'vitest'

import { readPause } from './dnd'
import { readPoll } from './readPoll'

const read = (args: string) => {
  const { question, options } = readPoll(args)
  return [question, ...options]
}

it('reads a poll from quotes, lines, or a question', () => {
  expect(read('"Lunch today?" "Noodles" "Rice, fried"')).toEqual(['Lunch today?', 'Noodles', 'Rice, fried'])
  expect(read('“周五去哪儿” “爬山” “看电影”')).toEqual(['周五去哪儿', '爬山', '看电影'])
  expect(read('Where?\nHere\n\n There ')).toEqual(['Where?', 'Here', 'There'])
  expect(read('午饭吃什么？面条、米饭，饺子')).toEqual(['午饭吃什么？', '面条', '米饭', '饺子'])
  expect(read('Friday or Monday? Friday, Monday')).toEqual(['Friday or Monday?', 'Friday', 'Monday'])
  expect(read('only a question')).toEqual(['only a question'])
  expect(read('')).toEqual([''])
})

it('reads until when notifications are paused', () => {
  const now = Date.parse('2026-11-28T10:30Z') * 1000
  const until = (args: string) => {
    const at = readPause(args, now, 'UTC')
    return at && new Date(at / 1000).toISOString().slice(0, 16)
  }
  expect(until('for 2 hours')).toBe('2026-11-28T12:30')
  expect(until('until 18:00')).toBe('2026-11-28T18:00')
  expect(until('到明天9点')).toBe('2026-11-29T09:00')
  expect(until('1小时后')).toBe('2026-11-28T11:30')
  expect(until('please')).toBeNull()
})
