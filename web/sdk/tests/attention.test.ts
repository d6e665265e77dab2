import { expect, test } from 'vitest'

import cases from '../../../crates/messaging/src/attention/cases.json'
import {
  DEVICE,
  type Facts,
  findKeyword,
  isQuiet,
  Matcher,
  NO_ALERTS,
  nextLook,
  normal,
  told,
  type Wishes,
} from '../src/attention'
import { hold } from '../src/sync/model'
import { countMessage } from '../src/sync/unread'
import type { Conversation, Dnd, Message } from '../src/types'

/** The table that the server's policy is held to, too. */
const table = cases as unknown as {
  told: {
    name: string
    message?: Partial<Facts>
    wishes?: Partial<Omit<Wishes, 'device'>> & { device?: object }
    how: string
    inbox: boolean
  }[]
  quiet: { name: string; dnd: Dnd; now: number; quiet: boolean }[]
  match: { text: string; keyword: string; found: boolean }[]
}

const FACTS: Facts = {
  own: false,
  kind: 'channel',
  members: 2,
  thread: false,
  mentioned: false,
  all: false,
  urgent: false,
  keyword: false,
  watched: false,
  vip: false,
}
const WISHES = { level: null, all_silenced: false, follows: false, dnd: false, mentions_pass: false }

test.each(table.told)('told: $name', ({ message, wishes, how, inbox }) => {
  const device = { ...DEVICE, ...wishes?.device }
  expect(told({ ...FACTS, ...message }, { ...WISHES, ...wishes, device })).toEqual({ how, inbox })
})

test.each(table.quiet)('quiet: $name', ({ dnd, now, quiet }) => {
  expect(isQuiet(dnd, now * 1000)).toBe(quiet)
})

test.each(table.match)('$keyword in $text: $found', ({ text, keyword, found }) => {
  expect(findKeyword(normal(text), normal(keyword)) >= 0).toBe(found)
})

test('one looks again when a pause ends, at the latest with the next minute', () => {
  expect(nextLook({ until: 10_500_000 }, 10_000)).toBe(500)
  expect(nextLook({}, 30_000)).toBe(30_000)
})

test('alerts name the keywords as they were written', () => {
  const matcher = new Matcher({ ...NO_ALERTS, keywords: ['Release Plan', '发布'], people: ['usr_1'] })
  const said = (text: string) => ({
    content: { v: 1 as const, parts: [{ type: 'markdown' as const, text }] },
  })
  expect(matcher.keywords(said('the *release plan*: 今天发布'))).toEqual(['Release Plan', '发布'])
  expect(matcher.keywords(said('nothing'))).toEqual([])
  expect(matcher.watches('usr_1')).toBe(true)
})

test('a call to everybody counts unless it is silenced', () => {
  const seat = { read_n: 0, read_seq: 0, unread_from: null, mentions: 0, muted: false }
  const counted = (me: object) => {
    const held = hold({ id: 'c', last_n: 0, last_at: 0, me: { ...seat, ...me } } as unknown as Conversation)!
    const call = { from: 'b', n: 1, seq: 1, at: 1, thread: null, mentions: [], mention_all: 'all' }
    return countMessage(held, call as unknown as Message, 'a').conversation.me.mentions
  }
  expect([counted({}), counted({ all_silenced: true }), counted({ muted: true })]).toEqual([1, 0, 0])
})
