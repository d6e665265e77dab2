import { describe, expect, it } from 'vitest'

import { readRemind } from './readRemind'

const now = Date.parse('2026-11-28T10:30+08:00') * 1000
const read = (args: string) => {
  const found = readRemind(args, { now, zone: 'Asia/Shanghai' })
  if (!found) return null
  const when = 'at' in found.when ? `+${(found.when.at - now) / 60_000_000}` : found.when.local
  return [found.whom && Object.values(found.whom)[0], found.what, when]
}

describe('/remind', () => {
  it.each([
    ['me "buy milk" in 20 minutes', [null, 'buy milk', '+20']],
    ['me to buy milk tomorrow 9am', [null, 'buy milk', '2026-11-29T09:00']],
    ['buy milk tomorrow', [null, 'buy milk', '2026-11-29T09:00']],
    ['me tomorrow at 9am to call Ann', [null, 'call Ann', '2026-11-29T09:00']],
    ['<#cnv_1> "stand-up" next Monday', ['cnv_1', 'stand-up', '2026-11-30T09:00']],
    ['<@usr_1> the report on Friday', ['usr_1', 'the report', '2026-12-04T09:00']],
    ['我 明天上午9点 交报告', [null, '交报告', '2026-11-29T09:00']],
    ['我明天上午9点交报告', [null, '交报告', '2026-11-29T09:00']],
    ['我 “交报告” 30分钟后', [null, '交报告', '+30']],
    ['下周一 周会', [null, '周会', '2026-11-30T09:00']],
    ['medicine in 1 hour', [null, 'medicine', '+60']],
  ])('%j', (args, meant) => expect(read(args)).toEqual(meant))

  it.each(['', 'me', 'me tomorrow', 'buy milk', 'me "buy milk"', 'me "buy milk" whenever', '明天'])(
    'does not understand %j',
    (args) => expect(read(args)).toBeNull(),
  )
})
