import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Weft } from '../src/index'
import { fakeLocks } from './fake-locks'
import { problem } from './fake-routes'
import { FakeServer, ME } from './fake-server'
import { online, openWeft, textOf, until } from './helpers'

let server: FakeServer
const open: Weft[] = []

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
  vi.stubGlobal('navigator', { locks: fakeLocks() })
  server = new FakeServer()
  server.conversation('cnv_a', 'alpha')
  server.conversation('cnv_b', 'beta')
})
afterEach(() => {
  for (const weft of open.splice(0)) weft.close()
  vi.unstubAllGlobals()
})

async function tab(): Promise<Weft> {
  const weft = await openWeft(server, { storage: 'indexeddb' })
  open.push(weft)
  return weft
}

function texts(id: string): string[] {
  return server.get(id).messages.map((message) => textOf({ message }))
}

function shown(weft: Weft, id = 'cnv_a') {
  return weft
    .timeline(id)
    .view.get()
    .items.map((item) => [textOf(item), item.state])
}

async function ready(weft: Weft, id = 'cnv_a'): Promise<void> {
  await online(weft)
  await until(() => weft.timeline(id).view.get().loading === null)
}

describe('the outbox', () => {
  it('shows a message at once, under a key that stays', async () => {
    const weft = await tab()
    await ready(weft)
    const local = weft.send('cnv_a', { text: 'hello' })
    expect(shown(weft)).toEqual([['hello', 'sending']])
    await until(() => shown(weft)[0]?.[1] === 'sent')
    const [item] = weft.timeline('cnv_a').view.get().items
    expect(item?.key).toBe(local.key)
    expect(shown(weft)).toHaveLength(1)
  })

  it('sends once more what crossed a change of the conversation, in order', async () => {
    const weft = await tab()
    await ready(weft)
    let left = 1
    server.refuse = () => (left-- > 0 ? { status: 409, code: 'stale_permission' } : null)
    weft.send('cnv_a', { text: 'one' })
    weft.send('cnv_a', { text: 'two' })
    await until(() => texts('cnv_a').length === 2)
    expect(texts('cnv_a')).toEqual(['one', 'two'])
    expect(server.nonces[0]).toBe(server.nonces[1])
  })

  it('keeps the order of a conversation through an outage and sends each once', async () => {
    const weft = await tab()
    await ready(weft)
    server.down = true
    server.cut()
    await until(() => weft.connection.get().state === 'offline')
    for (let i = 0; i < 5; i++) weft.send('cnv_a', { text: `a${i}` })
    weft.send('cnv_b', { text: 'b0' })
    expect(shown(weft).map(([, state]) => state)).toEqual(Array(5).fill('sending'))
    server.down = false
    await until(() => texts('cnv_a').length === 5 && texts('cnv_b').length === 1)
    expect(texts('cnv_a')).toEqual(['a0', 'a1', 'a2', 'a3', 'a4'])
    expect(new Set(server.nonces).size).toBe(6)
    await until(() => shown(weft).every(([, state]) => state === 'sent'))
  })

  it('sets a refused message aside, lets the others pass, and sends it again as the same', async () => {
    const weft = await tab()
    await ready(weft)
    server.refuse = () => ({ status: 403, code: 'forbidden' })
    const { key } = weft.send('cnv_a', { text: 'refused' })
    await until(() => weft.conversation('cnv_a').get()?.failed === true)
    const [failed] = weft.timeline('cnv_a').view.get().items
    expect(failed).toMatchObject({ key, state: 'failed', problem: { code: 'forbidden' } })
    server.refuse = () => null
    weft.send('cnv_a', { text: 'next' })
    await until(() => texts('cnv_a').length === 1)
    weft.retry(key)
    await until(() => texts('cnv_a').length === 2)
    expect(server.get('cnv_a').messages[1]?.nonce).toBe(key)
    await until(() => weft.conversation('cnv_a').get()?.failed === false)
  })

  it('asks for confirmation by a failed message, and confirms the same one', async () => {
    const weft = await tab()
    await ready(weft)
    server.refuse = (frame) =>
      frame.confirm_all ? null : { status: 409, code: 'confirm_all', params: { count: 80 } }
    const { key } = weft.send('cnv_a', { text: '<@all> hi' })
    await until(() => shown(weft)[0]?.[1] === 'failed')
    expect(weft.timeline('cnv_a').view.get().items[0]?.problem?.params).toEqual({ count: 80 })
    weft.retry(key, { confirmAll: true })
    await until(() => texts('cnv_a').length === 1)
  })

  it('gives up what is discarded, for good', async () => {
    const weft = await tab()
    await ready(weft)
    server.refuse = () => ({ status: 403, code: 'forbidden' })
    const { key } = weft.send('cnv_a', { text: 'never mind' })
    await until(() => shown(weft)[0]?.[1] === 'failed')
    weft.discard(key)
    expect(shown(weft)).toEqual([])
    server.refuse = () => null
    weft.close()
    await ready(await tab())
    expect(texts('cnv_a')).toEqual([])
  })

  it('goes over REST where there is no socket', async () => {
    const weft = await openWeft(server, {
      storage: 'indexeddb',
      socket: () => {
        throw new Error('no sockets here')
      },
    })
    open.push(weft)
    server.intercept = (method, path) => {
      const first = method === 'POST' && path.endsWith('/messages') && server.nonces.length === 0
      if (!first) return undefined
      server.nonces.push('tried')
      return problem(503, 'unavailable')
    }
    weft.send('cnv_a', { text: 'by post' })
    await until(() => texts('cnv_a').length === 1)
    expect(texts('cnv_a')).toEqual(['by post'])
  })
})

describe('a page that ends between sending and its answer', () => {
  it('sends the same nonce again where the request was lost', async () => {
    const first = await tab()
    await ready(first)
    server.deaf = true
    const { key } = first.send('cnv_a', { text: 'once' })
    await until(() => [...server.sockets].some((s) => s.received.some((f) => f.t === 'send')))
    first.close()
    server.deaf = false
    const second = await tab()
    await until(() => texts('cnv_a').length === 1)
    expect(server.nonces).toEqual([key])
    await ready(second)
    await until(() => shown(second).length === 1 && shown(second)[0]?.[1] === 'sent')
  })

  it('is one message where only the answer was lost', async () => {
    const first = await tab()
    await ready(first)
    server.silent = true
    const { key } = first.send('cnv_a', { text: 'once' })
    await until(() => texts('cnv_a').length === 1)
    first.close()
    server.silent = false
    const second = await tab()
    await ready(second)
    await until(() => shown(second).length === 1 && shown(second)[0]?.[1] === 'sent')
    second.send('cnv_a', { text: 'twice' })
    await until(() => texts('cnv_a').length === 2)
    expect(texts('cnv_a')).toEqual(['once', 'twice'])
    expect(server.nonces.filter((n) => n !== key)).toHaveLength(1)
  })

  it('starts without a connection and shows what waits', async () => {
    const first = await tab()
    await ready(first)
    server.down = true
    server.cut()
    await until(() => first.connection.get().state === 'offline')
    first.send('cnv_a', { text: 'kept' })
    first.close()
    const second = await tab()
    await until(() => shown(second).length === 1)
    expect(shown(second)).toEqual([['kept', 'sending']])
    server.down = false
    await until(() => texts('cnv_a').length === 1)
  })
})

describe('two tabs', () => {
  it('show each other what is on its way, and send it once', async () => {
    const [leader, follower] = [await tab(), await tab()]
    await ready(leader)
    await ready(follower)
    follower.send('cnv_a', { text: 'from the second' })
    leader.send('cnv_a', { text: 'from the first' })
    await until(() => texts('cnv_a').length === 2)
    await until(() => [leader, follower].every((w) => shown(w).filter(([, s]) => s === 'sent').length === 2))
    expect(shown(leader)).toHaveLength(2)
    expect(shown(follower)).toHaveLength(2)
    expect(server.nonces).toHaveLength(2)
  })

  it('hand over when the leading one closes', async () => {
    const [leader, follower] = [await tab(), await tab()]
    await ready(leader)
    await ready(follower)
    server.deaf = true
    const { key } = leader.send('cnv_a', { text: 'left behind' })
    await until(() => shown(follower).length === 1)
    leader.close()
    server.deaf = false
    await until(() => texts('cnv_a').length === 1)
    expect(server.nonces).toEqual([key])
    follower.send('cnv_a', { text: 'mine' })
    await until(() => texts('cnv_a').length === 2)
    await until(() => shown(follower).every(([, state]) => state === 'sent'))
  })
})

it('makes one message of each where the platform has no locks and two tabs send', async () => {
  vi.stubGlobal('navigator', {})
  const [one, two] = [await tab(), await tab()]
  await ready(one)
  await ready(two)
  for (let i = 0; i < 5; i++) {
    one.send('cnv_a', { text: `one ${i}` })
    two.send('cnv_a', { text: `two ${i}` })
  }
  await until(() => [one, two].every((w) => shown(w).filter(([, s]) => s === 'sent').length === 10))
  expect(new Set(texts('cnv_a')).size).toBe(10)
  expect(texts('cnv_a')).toHaveLength(10)
})

it('knows my message by its nonce when the log is faster than the answer', async () => {
  const weft = await tab()
  await ready(weft)
  let acks: (() => void)[] = []
  server.delayAck = (send) => acks.push(send)
  weft.send('cnv_a', { text: 'quick' })
  await until(() => shown(weft)[0]?.[1] === 'sent')
  expect(shown(weft)).toHaveLength(1)
  for (const ack of acks.splice(0)) ack()
  acks = []
  server.post('cnv_a', 'usr_ann', 'reply')
  await until(() => shown(weft).length === 2)
  expect(server.get('cnv_a').messages[0]?.from).toBe(ME)
})
