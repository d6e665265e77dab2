import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Weft } from '../src/index'
import { FakeServer, ME } from './fake-server'
import { online, openWeft, until } from './helpers'

let server: FakeServer
let weft: Weft

beforeEach(async () => {
  server = new FakeServer()
  server.conversation('cnv_a', 'alpha')
  server.conversation('cnv_b', 'beta')
  weft = await openWeft(server)
  await online(weft)
})
afterEach(() => weft.close())

const view = (id = 'cnv_a') => weft.conversation(id).get()
const heard = (seq: number) => until(() => view()?.head_seq === seq)

it('counts messages of others, and mentions among them', async () => {
  server.post('cnv_a', 'usr_ann', 'one')
  server.post('cnv_a', 'usr_ann', 'two', { mentions: [ME] })
  server.post('cnv_a', 'usr_ann', 'three', { mention_all: 'here' })
  await heard(3)
  expect(view()).toMatchObject({ unread: 3, mentions: 2 })
  expect(weft.unreadTotal.get()).toEqual({ unread: 1, mentions: 2 })
})

it('takes my own message for a sign that all before it is read', async () => {
  server.post('cnv_a', 'usr_ann', 'hi', { mentions: [ME] })
  server.post('cnv_a', ME, 'hello', { mentions: [ME] })
  await heard(2)
  expect(view()).toMatchObject({ unread: 0, mentions: 0 })
})

it('leaves replies in threads and system messages out of the main flow', async () => {
  const root = server.post('cnv_a', 'usr_ann', 'root')
  server.post('cnv_a', 'usr_ann', 'reply', { thread: root.id, mentions: [ME] })
  server.post('cnv_a', 'usr_ann', '', { n: null })
  await heard(3)
  expect(view()).toMatchObject({ unread: 1, mentions: 0 })
})

it('follows a read mark set on another device', async () => {
  for (let i = 0; i < 4; i++) server.post('cnv_a', 'usr_ann', 'hi', { mentions: [ME] })
  server.read('cnv_a', 3)
  await until(() => view()?.me.read_n === 3)
  await heard(4)
  expect(view()).toMatchObject({ unread: 1, mentions: 1 })
})

it('does not count twice what a membership has counted before the message comes', async () => {
  const late: unknown[] = []
  server.mangle = (frame) => {
    late.push(frame)
    return []
  }
  server.post('cnv_a', 'usr_ann', 'early', { mentions: [ME] })
  server.mangle = (frame) => [frame]
  server.membership('cnv_a', { muted: true })
  await until(() => view()?.me.muted === true)
  server.mangle = (frame) => [...late, frame]
  server.post('cnv_a', 'usr_ann', 'late')
  await heard(2)
  expect(view()).toMatchObject({ unread: 2, mentions: 1 })
})

it('shows a read mark at once, tells the server, and never falls back', async () => {
  for (let i = 0; i < 3; i++) server.post('cnv_a', 'usr_ann', 'hi', { mentions: [ME] })
  await heard(3)
  weft.markRead('cnv_a', 3)
  expect(view()).toMatchObject({ unread: 0, mentions: 0 })
  server.membership('cnv_a', { favourite: true })
  await until(() => view()?.me.favourite === true)
  expect(view()).toMatchObject({ unread: 0, mentions: 0 })
  await until(() => server.get('cnv_a').me?.read_seq === 3)
})

it('tells a read mark made without a connection when it is back', async () => {
  server.post('cnv_a', 'usr_ann', 'hi')
  await heard(1)
  server.down = true
  server.cut()
  await until(() => weft.connection.get().state === 'offline')
  weft.markRead('cnv_a', 1)
  expect(view()?.unread).toBe(0)
  server.down = false
  await until(() => server.get('cnv_a').me?.read_seq === 1)
})

it('marks unread from a message on, until it is read again', async () => {
  for (let i = 0; i < 3; i++) server.post('cnv_a', 'usr_ann', 'hi')
  await heard(3)
  weft.markRead('cnv_a', 3)
  await until(() => server.get('cnv_a').me?.read_seq === 3)
  await weft.markUnread('cnv_a', 2)
  expect(view()).toMatchObject({ unread: 1, unreadFrom: 2 })
  weft.markRead('cnv_a', 3)
  expect(view()).toMatchObject({ unread: 0, unreadFrom: null })
  await until(() => server.get('cnv_a').me?.unread_from === null)
})

it('counts conversations in the total unless they are muted, and clears all at once', async () => {
  server.post('cnv_a', 'usr_ann', 'hi')
  server.post('cnv_b', 'usr_ann', 'hi', { mentions: [ME] })
  await until(() => weft.unreadTotal.get().unread === 2)
  await weft.setMembership('cnv_b', { muted: true })
  expect(weft.unreadTotal.get()).toEqual({ unread: 1, mentions: 1 })
  await weft.markAllRead()
  expect(weft.unreadTotal.get()).toEqual({ unread: 0, mentions: 0 })
})

it('tells of new messages, and not of history', async () => {
  const heardOf: string[] = []
  weft.onMessage((message) => heardOf.push(message.id))
  const sent = server.post('cnv_a', 'usr_ann', 'hi')
  server.change('cnv_a', sent.id, { edited_at: 1 })
  await heard(2)
  expect(heardOf).toEqual([sent.id])
})
