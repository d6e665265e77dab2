import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Acks } from '../src/acks'
import type { Api } from '../src/api'
import type { Message } from '../src/types'

const ME = 'usr_me'
const ack = { people: [], deadline: null, total: 2, acknowledged: 0, done: 0, reminded_at: null }
const message = (id: string, more: Partial<Message> = {}): Message =>
  ({ id, from: 'usr_ann', state: 'live', seq: 5, changed_seq: 5, ack, ...more }) as Message

let listed: Message[]
let asked: number
let answered: string[]
let acks: Acks

beforeEach(() => {
  vi.useFakeTimers()
  listed = []
  asked = 0
  answered = []
  const messages = {
    waiting: async () => {
      asked += 1
      return { count: listed.length, urgent: 0, items: listed, next_cursor: null }
    },
    answer: async (id: string, state: string) => void answered.push(`${id} ${state}`),
  }
  const api = { messages } as unknown as Api
  const [onFrame, onEvent, onMessage, onLive, onClose] = Array(5).fill(() => {})
  const send = () => true
  acks = new Acks({ api, me: ME, org: 'org_a', send, onFrame, onEvent, onMessage, onLive, onClose })
})
afterEach(() => {
  acks.close()
  vi.useRealTimers()
})
const settle = () => vi.advanceTimersByTimeAsync(1000)

it('asks the server once for several that come together', async () => {
  listed = [message('msg_b'), message('msg_a')]
  acks.saw(message('msg_a'))
  acks.saw(message('msg_b'))
  await settle()
  expect(asked).toBe(1)
  expect(acks.waiting.get().count).toBe(2)
})

it('passes over what asks nothing, is my own, or only counted another answer', async () => {
  acks.saw(message('msg_a', { ack: null }))
  acks.saw(message('msg_b', { from: ME }))
  acks.saw(message('msg_c', { changed_seq: 9 }))
  await settle()
  expect(asked).toBe(0)
})

it('forgets what I answered or its sender took back', async () => {
  listed = [message('msg_a'), message('msg_b')]
  acks.refresh()
  await settle()
  await acks.answer('msg_a', 'acknowledged')
  expect(answered).toEqual(['msg_a acknowledged'])
  expect(acks.waiting.get()).toEqual({ count: 1, urgent: 0, items: [listed[1]] })
  listed = []
  acks.saw(message('msg_b', { state: 'recalled', changed_seq: 8, ack: null }))
  await settle()
  expect(acks.waiting.get().count).toBe(0)
})

it('keeps what it knows while the server cannot be asked', async () => {
  listed = [message('msg_a')]
  acks.refresh()
  await settle()
  const frame = {
    t: 'waiting',
    why: 'reminder',
    conv: 'cnv_a',
    message: 'msg_a',
    seq: 5,
    from: null,
  } as const
  acks.heard(frame)
  expect(acks.told.get()).toBe(frame)
  await settle()
  expect([asked, acks.waiting.get().count]).toEqual([2, 1])
})
