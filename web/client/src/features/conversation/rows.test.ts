import type { Message, TimelineItem } from '@weft/sdk'
import { describe, expect, it } from 'vitest'

import { buildRows, type Row } from './rows'

const style = { locale: 'zh-CN', zone: 'Asia/Shanghai' }
const minute = 60_000_000
const noon = Date.parse('2026-11-20T04:00:00Z') * 1000

function item(seq: number, from: string, at: number, parts: unknown[] = [{ type: 'markdown', text: 'x' }]) {
  const message = { id: `msg_${seq}`, seq, from, at, content: { v: 1, parts } } as unknown as Message
  return { key: `k${seq}`, message, state: 'sent' } as TimelineItem
}
const joined = (seq: number, who: string) =>
  item(seq, who, noon + seq, [{ type: 'system', code: 'member.joined', params: {} }])
const shape = (rows: Row[]) =>
  rows.map((r) =>
    r.kind === 'message' ? (r.head ? 'head' : 'more') : r.kind === 'system' ? `sys${r.items.length}` : r.kind,
  )
const build = (items: TimelineItem[], newFrom: number | null = null) =>
  shape(buildRows(items, { style, intro: false, newFrom, topics: true }))

describe('rows', () => {
  it('groups an author’s messages within five minutes', () => {
    const items = [item(1, 'a', noon), item(2, 'a', noon + 4 * minute), item(3, 'a', noon + 10 * minute)]
    expect(build(items)).toEqual(['day', 'head', 'more', 'head'])
  })
  it('puts messages of one topic under its name, and says where it ends', () => {
    const about = (seq: number, name: string) => {
      const one = item(seq, 'a', noon + seq)
      return { ...one, message: { ...one.message, topic: { id: `top_${name}`, name } } }
    }
    const items = [item(1, 'a', noon), about(2, 'x'), about(3, 'x'), about(4, 'y'), item(5, 'a', noon + 5)]
    expect(build(items)).toEqual(['day', 'head', 'topic', 'head', 'more', 'topic', 'head', 'topic', 'head'])
    expect(shape(buildRows(items, { style, intro: false, newFrom: null, topics: false }))).toEqual([
      'day',
      'head',
      'more',
      'more',
      'more',
      'more',
    ])
  })
  it('begins anew for another author', () => {
    expect(build([item(1, 'a', noon), item(2, 'b', noon), item(3, 'a', noon)])).toEqual([
      'day',
      'head',
      'head',
      'head',
    ])
  })
  it('separates days in the reader’s zone and ends groups there', () => {
    const midnight = Date.parse('2026-11-20T16:00:00Z') * 1000
    expect(build([item(1, 'a', midnight - minute), item(2, 'a', midnight)])).toEqual([
      'day',
      'head',
      'day',
      'head',
    ])
  })
  it('draws the new line once, before the first unread', () => {
    expect(build([item(1, 'a', noon), item(5, 'a', noon), item(6, 'a', noon)], 3)).toEqual([
      'day',
      'head',
      'new',
      'head',
      'more',
    ])
  })
  it('joins system lines of one kind only', () => {
    const left = item(4, 'd', noon + 4, [{ type: 'system', code: 'member.left', params: {} }])
    expect(build([joined(1, 'a'), joined(2, 'b'), joined(3, 'c'), left])).toEqual(['day', 'sys3', 'sys1'])
  })
  it('starts with the introduction when the beginning is loaded', () => {
    expect(shape(buildRows([], { style, intro: true, newFrom: null, topics: true }))).toEqual(['intro'])
  })
})
