import { afterEach, describe, expect, it, vi } from 'vitest'
import { Api, Problem } from '../src/index'
import { reconnectDelay } from '../src/gateway/backoff'
import { Connection, type SocketLike } from '../src/gateway/connection'
import { fold, rank } from '../src/search'
import type { OutboxEntry } from '../src/store/store'
import { OutboxQueue } from '../src/sync/outbox'
import type { Principal } from '../src/types'
import { FakeServer } from './fake-server'
import { openWeft, until } from './helpers'

describe('the api', () => {
  const answering = (response: () => Response) => {
    const calls: [string, RequestInit][] = []
    const api = new Api({
      base: 'https://weft.test/',
      org: 'org_1',
      token: 'weft_pat_x',
      fetch: async (input, init) => {
        calls.push([String(input), init ?? {}])
        return response()
      },
    })
    return { api, calls }
  }

  it('says who asks, for which org, what', async () => {
    const { api, calls } = answering(() => new Response('{"items":[]}'))
    await api.people.list({ q: '张 伟', cursor: null, limit: 5 })
    const [url, init] = calls[0] ?? []
    expect(url).toBe('https://weft.test/api/v1/principals?q=%E5%BC%A0%20%E4%BC%9F&limit=5')
    expect(init?.headers).toMatchObject({ Authorization: 'Bearer weft_pat_x', 'Weft-Org': 'org_1' })
  })

  it('reads problems, and answers that are none', async () => {
    const body = JSON.stringify({
      code: 'weak_password',
      title: 'Weak',
      status: 422,
      detail: 'd',
      field: 'new',
    })
    await expect(answering(() => new Response(body, { status: 422 })).api.me.get()).rejects.toMatchObject({
      code: 'weak_password',
      status: 422,
      field: 'new',
    })
    const html = () => new Response('<html>', { status: 502, headers: { 'Retry-After': '7' } })
    await expect(answering(html).api.me.get()).rejects.toMatchObject({ code: 'unavailable', retryAfter: 7 })
    const api = new Api({ fetch: () => Promise.reject(new TypeError('no')) })
    await expect(api.me.get()).rejects.toMatchObject({ code: 'offline', status: 0, transient: true })
  })

  it('lets no id climb out of its path', async () => {
    const { api, calls } = answering(() => new Response('{}'))
    await api.conversations.get('a/../../me?x#y')
    expect(calls[0]?.[0]).toBe('https://weft.test/api/v1/conversations/a%2F..%2F..%2Fme%3Fx%23y')
    expect(() => api.conversations.get('..')).toThrow(Problem)
  })

  it('knows which problems pass', () => {
    const transient = (status: number) => Problem.from({}, status).transient
    expect([408, 429, 500, 502, 503].every(transient)).toBe(true)
    expect([400, 401, 403, 404, 409, 413, 422].some(transient)).toBe(false)
  })
})

describe('reconnecting', () => {
  it('spreads the first attempt over the span named, then waits longer and longer, to half a minute', () => {
    expect(reconnectDelay(0, 5000, 0.5)).toBe(2500)
    const delays = [1, 2, 3, 4, 5, 6, 20].map((n) => reconnectDelay(n, 5000, 0.999))
    expect(delays.map(Math.round)).toEqual([1000, 1999, 3998, 7996, 15992, 29985, 29985])
    expect(reconnectDelay(20, 5000, 0)).toBe(15000)
  })
})

describe('a connection', () => {
  afterEach(() => vi.useRealTimers())

  function connected() {
    const sockets: (SocketLike & { sent: string[]; closed: boolean })[] = []
    const byes: string[] = []
    const connection = new Connection({
      url: () => 'ws://weft.test',
      headers: () => ({}),
      socket: () => {
        const socket = {
          onopen: null,
          onmessage: null,
          onclose: null,
          onerror: null,
          sent: [],
          closed: false,
        }
        const made: SocketLike & { sent: string[]; closed: boolean } = {
          ...socket,
          sent: [],
          send: (data) => made.sent.push(data),
          close: () => (made.closed = true),
        }
        sockets.push(made)
        return made
      },
      handlers: { frame: () => {}, closed: () => {}, bye: (code) => byes.push(code) },
    })
    const hear = (frame: object): void =>
      sockets.at(-1)?.onmessage?.({ data: JSON.stringify(frame) } as never)
    connection.start()
    return { connection, sockets, byes, hear }
  }
  const hello = {
    t: 'hello',
    v: 1,
    epoch: 'e',
    me: 'u',
    session: 's',
    heartbeat_s: 10,
    jitter_ms: 100,
    now: 0,
  }

  it('pings, and gives up a server that is silent for two and a half heartbeats', () => {
    vi.useFakeTimers()
    const { connection, sockets, hear } = connected()
    hear(hello)
    connection.live()
    vi.advanceTimersByTime(9000)
    expect(sockets[0]?.sent).toEqual(['{"t":"ping"}'])
    hear({ t: 'pong' })
    vi.advanceTimersByTime(17_000)
    expect(connection.state.get().state).toBe('online')
    vi.advanceTimersByTime(17_000)
    expect(sockets[0]?.closed).toBe(true)
    expect(sockets.length).toBeGreaterThan(1)
    connection.stop('offline')
  })

  it('gives up a handshake that leads nowhere, and fails commands of a broken connection', async () => {
    vi.useFakeTimers()
    const { connection, sockets, hear } = connected()
    vi.advanceTimersByTime(15_000)
    expect(sockets[0]?.closed).toBe(true)
    vi.advanceTimersByTime(2_000)
    expect(sockets).toHaveLength(2)
    hear(hello)
    const command = connection.command((id) => ({ t: 'read', conv: 'c', seq: 1, id }))
    connection.retry()
    await expect(command).rejects.toMatchObject({ code: 'offline' })
    await expect(connection.command((id) => ({ t: 'read', conv: 'c', seq: 1, id }))).rejects.toBeInstanceOf(
      Problem,
    )
    connection.stop('offline')
  })

  it('comes back after draining, when it is told to after overload, and not at all when signed out', () => {
    vi.useFakeTimers()
    const { connection, sockets, byes, hear } = connected()
    hear(hello)
    hear({ t: 'bye', code: 'draining' })
    vi.advanceTimersByTime(100)
    expect(sockets).toHaveLength(2)
    hear(hello)
    hear({ t: 'bye', code: 'overloaded', retry_ms: 20_000 })
    vi.advanceTimersByTime(19_000)
    expect(sockets).toHaveLength(2)
    vi.advanceTimersByTime(1_000)
    expect(sockets).toHaveLength(3)
    hear(hello)
    hear({ t: 'bye', code: 'signed_out' })
    expect(byes).toEqual(['draining', 'overloaded', 'signed_out'])
    connection.stop('signed_out')
    vi.advanceTimersByTime(60_000)
    expect(sockets).toHaveLength(3)
  })

  it('survives frames that are no frames', () => {
    const { connection, hear, sockets } = connected()
    sockets[0]?.onmessage?.({ data: '{"t":' } as never)
    sockets[0]?.onmessage?.({ data: new ArrayBuffer(2) } as never)
    hear({ t: 'ack', id: 99, msg: {} })
    hear(null as never)
    hear(hello)
    expect(connection.send({ t: 'ping' })).toBe(true)
    connection.stop('offline')
  })
})

describe('the queue of outgoing messages', () => {
  const entry = (nonce: string, at: number, conversation = 'cnv_a'): OutboxEntry => {
    return {
      nonce,
      conversation,
      thread: null,
      quote: null,
      text: nonce,
      confirm_all: false,
      at,
      state: 'queued',
    }
  }
  const taken = (queue: OutboxQueue, now: number) => queue.take(now).map((e) => e.nonce)

  it('lets one of each conversation out at a time', () => {
    const queue = new OutboxQueue()
    for (const e of [entry('b', 2), entry('a', 1), entry('x', 3, 'cnv_b')]) queue.put(e)
    expect(taken(queue, 0)).toEqual(['a', 'x'])
    expect(taken(queue, 0)).toEqual([])
    queue.delete('a')
    expect(taken(queue, 0)).toEqual(['b'])
  })

  it('waits as long as the server asks, and holds back those behind', () => {
    const queue = new OutboxQueue()
    for (const e of [entry('a', 1), entry('b', 2)]) queue.put(e)
    queue.take(0)
    queue.failed('a', new Problem('rate_limited', { status: 429, retryAfter: 5 }), 1000, 0)
    expect(queue.wakeAt()).toBe(6000)
    expect(taken(queue, 5999)).toEqual([])
    expect(taken(queue, 6000)).toEqual(['a'])
    queue.failed('a', new Problem('not_found', { status: 404 }), 6000, 0)
    expect(taken(queue, 6000)).toEqual(['b'])
    expect(queue.wakeAt()).toBeNull()
  })

  it('tries once more what was refused while the conversation changed, and keeps the order', () => {
    const queue = new OutboxQueue()
    for (const e of [entry('a', 1), entry('b', 2)]) queue.put(e)
    const stale = new Problem('stale_permission', { status: 409 })
    expect(taken(queue, 0)).toEqual(['a'])
    expect(queue.failed('a', stale, 0, 0)?.state).toBe('queued')
    expect(taken(queue, 0)).toEqual(['a'])
    const failed = queue.failed('a', stale, 0, 0)
    expect(failed).toMatchObject({ state: 'failed', problem: { code: 'stale_permission' } })
    expect(taken(queue, 0)).toEqual(['b'])
    queue.delete('b')
    // Whoever sends it anew has a second try again.
    queue.put(entry('a', 1))
    expect(taken(queue, 0)).toEqual(['a'])
    expect(queue.failed('a', stale, 0, 0)?.state).toBe('queued')
  })

  it('keeps what a signed-out person wrote', () => {
    const queue = new OutboxQueue()
    queue.put(entry('a', 1))
    queue.take(0)
    const after = queue.failed('a', new Problem('unauthenticated', { status: 401 }), 0, 0)
    expect(after?.state).toBe('queued')
  })
})

describe('finding people', () => {
  const person = (name: string, key: string, state: Principal['state'] = 'active') =>
    ({ id: name, name, search_key: key, state }) as Principal

  it('folds case, width, marks and spaces', () => {
    expect(fold('  Ａndré\u3000 ÉTÉ ')).toBe('andre ete')
  })

  it('ranks names before pinyin before initials, and people who left last', () => {
    const wei = person('张伟', '张伟 zhangwei zhang wei zw')
    const hits = (query: string) => rank(wei, fold(query)) !== null
    expect(['张', '张伟', 'zhang', 'zhang wei', 'zhangw', 'zw', 'wei'].every(hits)).toBe(true)
    expect(hits('li')).toBe(false)
    const order = (q: string, a: Principal, b: Principal) => (rank(a, q) as number) - (rank(b, q) as number)
    expect(order('an', person('Ann', 'ann'), person('Joan', 'joan'))).toBeLessThan(0)
    expect(order('an', person('Joan', 'joan'), person('Ann', 'ann', 'deactivated'))).toBeLessThan(0)
  })

  it('asks for many unknown people in one request, and not again for those it may not see', async () => {
    const server = new FakeServer()
    for (let i = 0; i < 30; i++) server.addPerson(`usr_${i}`, `Person ${i}`)
    const weft = await openWeft(server)
    for (const id of ['usr_new', 'usr_new2']) server.people.set(id, { ...server.me.principal, id, name: id })
    const asked = () => server.requests.filter((r) => r === 'GET /principals').length
    const people = ['usr_new', 'usr_new2', 'usr_hidden'].map((id) => weft.person(id))
    await until(() => people[1]?.get()?.name === 'usr_new2')
    expect(people[2]?.get()).toBeUndefined()
    weft.person('usr_hidden')
    await Promise.resolve()
    expect(asked()).toBe(1)
    expect(weft.people.search('person 7', 3).map((p) => p.name)).toEqual(['Person 7'])
    weft.close()
  })
})
