import { expect, it } from 'vitest'

import { readStatus } from './status'

const now = Date.parse('2026-11-28T10:30Z') * 1000
const read = (args: string) => {
  const status = readStatus(args, { char: (code) => (code === 'palm_tree' ? '🌴' : undefined) }, now, 'UTC')
  return status && [status.emoji, status.text, new Date(status.until! / 1000).toISOString().slice(0, 16)]
}

it('reads emoji, words and how long', () => {
  expect(read('🌴 On holiday until tomorrow 9am')).toEqual(['🌴', 'On holiday', '2026-11-29T09:00'])
  expect(read(':palm_tree: away for 2 hours')).toEqual(['🌴', 'away', '2026-11-28T12:30'])
  expect(read('开会 1小时后')).toEqual(['💬', '开会', '2026-11-28T11:30'])
  expect(read('🍜 午饭 到 14:00')).toEqual(['🍜', '午饭', '2026-11-28T14:00'])
  expect(read('👩🏽‍💻')?.slice(0, 2)).toEqual(['👩🏽‍💻', ''])
  expect(read('lunch')?.slice(0, 2)).toEqual(['💬', 'lunch'])
})
