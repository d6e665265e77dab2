import type { ConversationView, ThreadItem } from '@weft/sdk'
import { expect, test } from 'vitest'

import { makeQueue } from './model'

const view = (id: string, more: object = {}, me: object = {}) =>
  ({
    id,
    kind: 'channel',
    unread: 3,
    mentions: 0,
    unreadFrom: null,
    last_n: 10,
    last_at: 5,
    head_seq: 12,
    ...more,
    me: { read_n: 7, muted: false, favourite: false, ...me },
  }) as unknown as ConversationView

const thread = (root: string, conversation: string, read_n: number) =>
  ({
    root,
    conversation,
    following: true,
    read_n,
    last_n: 4,
    message: { at: 1, replies: null },
  }) as unknown as ThreadItem

test('what calls comes first, then people, threads, favourites, the rest', () => {
  const queue = makeQueue(
    [
      view('rest', { last_at: 9 }),
      view('older', { last_at: 2 }),
      view('favourite', {}, { favourite: true }),
      view('direct', { kind: 'direct' }),
      view('calls', { mentions: 1 }),
      view('read', { unread: 0 }),
    ],
    [thread('t1', 'rest', 1), thread('t2', 'rest', 4)],
  )
  expect(queue.map((entry) => entry.key)).toEqual(['calls', 'direct', 't1', 'favourite', 'rest', 'older'])
})

test('what is muted is left out unless it calls', () => {
  const muted = { muted: true }
  const queue = makeQueue(
    [view('quiet', {}, muted), view('calls', { mentions: 2 }, muted)],
    [thread('t1', 'quiet', 0)],
  )
  expect(queue.map((entry) => entry.key)).toEqual(['calls'])
})

test('what was marked unread shows its last message', () => {
  const [entry] = makeQueue([view('marked', { unread: 1, unreadFrom: 11 }, { read_n: 10 })], [])
  expect(entry?.readN).toBe(9)
})
