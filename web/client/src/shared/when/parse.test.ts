import { describe, expect, it } from 'vitest'

import { findWhen, readWhen } from './parse'
import { presetAt } from './presets'
import { instantOf } from './when'

/** A Saturday, 10:30 in Shanghai. */
const now = Date.parse('2026-11-28T10:30+08:00') * 1000
const asked = { now, zone: 'Asia/Shanghai' }
const read = (text: string) => {
  const when = readWhen(text, asked)
  if (!when) return null
  return 'at' in when ? `+${(when.at - now) / 60_000_000}` : when.local.replace('T', ' ')
}

describe('moments in words', () => {
  it.each([
    ['in 20 minutes', '+20'],
    ['in 5m', '+5'],
    ['in an hour', '+60'],
    ['in half an hour', '+30'],
    ['in 2 days', '2026-11-30 10:30'],
    ['in 1 week', '2026-12-05 10:30'],
    ['tomorrow', '2026-11-29 09:00'],
    ['tomorrow 9am', '2026-11-29 09:00'],
    ['tomorrow at 17:45', '2026-11-29 17:45'],
    ['9:15 pm tomorrow', '2026-11-29 21:15'],
    ['at 5', '2026-11-29 05:00'],
    ['at 11', '2026-11-28 11:00'],
    ['10am', '2026-11-29 10:00'],
    ['noon', '2026-11-28 12:00'],
    ['12am', '2026-11-29 00:00'],
    ['tonight', '2026-11-28 20:00'],
    ['tonight at 8', '2026-11-28 20:00'],
    ['monday', '2026-11-30 09:00'],
    ['on Fri at 4pm', '2026-12-04 16:00'],
    ['saturday', '2026-12-05 09:00'],
    ['saturday 11:00', '2026-11-28 11:00'],
    ['next Monday', '2026-11-30 09:00'],
    ['next sat', '2026-12-05 09:00'],
    ['next week', '2026-11-30 09:00'],
    ['Dec 1', '2026-12-01 09:00'],
    ['1 January at noon', '2027-01-01 12:00'],
    ['2027-02-28 08:05', '2027-02-28 08:05'],
    ['30分钟后', '+30'],
    ['半小时后', '+30'],
    ['一个半小时后', '+90'],
    ['两小时之后', '+120'],
    ['3天后', '2026-12-01 10:30'],
    ['两周后', '2026-12-12 10:30'],
    ['明天', '2026-11-29 09:00'],
    ['明天上午9点', '2026-11-29 09:00'],
    ['明天下午三点半', '2026-11-29 15:30'],
    ['明早8点', '2026-11-29 08:00'],
    ['明晚8点', '2026-11-29 20:00'],
    ['今晚', '2026-11-28 20:00'],
    ['后天 14：20', '2026-11-30 14:20'],
    ['中午12点', '2026-11-28 12:00'],
    ['下午两点一刻', '2026-11-28 14:15'],
    ['下周一', '2026-11-30 09:00'],
    ['下周日', '2026-12-06 09:00'],
    ['周一', '2026-11-30 09:00'],
    ['星期天', '2026-11-29 09:00'],
    ['下周', '2026-11-30 09:00'],
    ['12月1日下午5点', '2026-12-01 17:00'],
    ['1月5号', '2027-01-05 09:00'],
  ])('%s is %s', (text, meant) => expect(read(text)).toBe(meant))

  it.each([
    '',
    'soon',
    'in',
    'in 0 minutes',
    'today at 9am',
    '今天上午9点',
    'Feb 30',
    '2月30日',
    '25:00',
    '13pm',
    '2020-01-01',
    '9',
    '点',
    '十十点',
    'x'.repeat(500),
  ])('%j means none', (text) => expect(read(text)).toBeNull())
})

describe('moments in a text', () => {
  const find = (text: string) => findWhen(text, asked)?.rest
  it.each([
    ['buy milk tomorrow at 9am', 'buy milk'],
    ['in 20 minutes stretch', 'stretch'],
    ['明天上午9点交报告', '交报告'],
    ['交报告 30分钟后', '交报告'],
    ['call May on Friday', 'call May'],
    ['buy 3 apples', undefined],
  ])('%j leaves %j', (text, rest) => expect(find(text)).toBe(rest))
  it('takes long texts without delay', () => {
    expect(find('明天'.repeat(5_000))).toBeDefined()
    expect(find('a '.repeat(20_000))).toBeUndefined()
  })
})

describe('wall clocks', () => {
  const at = (local: string, zone: string) => new Date(instantOf({ local, zone }) / 1000).toISOString()
  it('become instants in their zone', () => {
    expect(at('2026-12-01T09:00', 'Asia/Shanghai')).toBe('2026-12-01T01:00:00.000Z')
    expect(at('2027-07-01T09:00', 'America/New_York')).toBe('2027-07-01T13:00:00.000Z')
  })
  it('go on by what the clock skips, and take the first of what it shows twice', () => {
    expect(at('2027-03-28T02:30', 'Europe/Berlin')).toBe('2027-03-28T01:30:00.000Z')
    expect(at('2026-10-25T02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z')
  })
  it('know the presets', () => {
    expect(presetAt('monday', now, 'Asia/Shanghai')).toMatchObject({ local: '2026-11-30T09:00' })
    expect(presetAt('tomorrow', now, 'America/Los_Angeles')).toMatchObject({ local: '2026-11-28T09:00' })
    expect(presetAt('in20', now, undefined)).toEqual({ at: now + 1_200_000_000 })
  })
})
