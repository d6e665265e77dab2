import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ClientFrame } from '../src/frames'
import { Receipts } from '../src/receipts'
import type { Message } from '../src/types'

let sent: ClientFrame[]
let connected: boolean
let receipts: Receipts

const message = (seq: number, thread: string | null = null): Message =>
  ({ conversation: 'cnv_a', thread, seq }) as Message
const asked = () => sent.splice(0)

beforeEach(() => {
  vi.useFakeTimers()
  sent = []
  connected = true
  receipts = new Receipts((frame) => {
    if (connected) sent.push(frame)
    return connected
  })
})
afterEach(() => {
  receipts.close()
  vi.useRealTimers()
})

it('asks for what is on screen together, once, and again before the server forgets', () => {
  const leave = receipts.watch(message(4))
  receipts.watch(message(5))
  receipts.watch(message(5))
  receipts.watch(message(9, 'msg_root'))
  vi.advanceTimersByTime(200)
  expect(asked()).toEqual([
    { t: 'receipts', conv: 'cnv_a', seqs: [4, 5] },
    { t: 'receipts', conv: 'cnv_a', thread: 'msg_root', seqs: [9] },
  ])
  receipts.watch(message(4))()
  vi.advanceTimersByTime(80_000)
  expect(asked()).toEqual([])
  leave()
  vi.advanceTimersByTime(20_000)
  expect(asked().map((frame) => 'seqs' in frame && frame.seqs)).toEqual([[5], [9]])
})

it('asks at most for a hundred at once', () => {
  for (let seq = 1; seq <= 150; seq++) receipts.watch(message(seq))
  vi.advanceTimersByTime(200)
  expect(asked().map((frame) => 'seqs' in frame && frame.seqs.length)).toEqual([100, 50])
})

it('asks again over a new connection', () => {
  connected = false
  receipts.watch(message(4))
  vi.advanceTimersByTime(200)
  connected = true
  receipts.reconnected()
  vi.advanceTimersByTime(200)
  expect(asked()).toHaveLength(1)
  receipts.reconnected()
  vi.advanceTimersByTime(200)
  expect(asked()).toHaveLength(1)
})

it('shows what the server tells, by place', () => {
  const items = [{ seq: 4, read: 1, total: 2 }]
  receipts.update({ t: 'receipts', conv: 'cnv_a', thread: null, items })
  expect(receipts.of(message(4)).get()).toEqual(items[0])
  expect(receipts.of(message(4, 'msg_root')).get()).toBeUndefined()
})
