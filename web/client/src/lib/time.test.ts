import { expect, it } from 'vitest'

import { dayKey, formatDay, formatTime, formatWhen } from './time'

const at = (iso: string) => Date.parse(iso) * 1000
const zh = { locale: 'zh-CN', zone: 'Asia/Shanghai' }
const en = { locale: 'en', zone: 'America/New_York' }
const now = at('2026-11-21T04:00:00Z')

it('tells the day by the reader’s zone', () => {
  expect(dayKey(now, zh)).toBe('2026-11-21')
  expect(dayKey(now, en)).toBe('2026-11-20')
})
it('names today and yesterday', () => {
  expect(formatDay(now, now, zh)).toBe('今天')
  expect(formatDay(at('2026-11-20T04:00:00Z'), now, zh)).toBe('昨天')
  expect(formatDay(at('2026-11-20T04:00:00Z'), now, en)).toBe('Yesterday')
})
it('shortens times', () => {
  expect(formatTime(now, zh)).toBe('12:00')
  expect(formatWhen(at('2026-11-20T02:32:00Z'), now, zh)).toBe('昨天 10:32')
  expect(formatWhen(at('2026-11-03T02:32:00Z'), now, zh)).toBe('11月3日')
})
it('survives an unknown zone', () => {
  expect(formatTime(now, { locale: 'en', zone: 'Mars/Olympus' })).toMatch(/\d\d:\d\d/)
})
