import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { forgetDevice, type Weft } from '../src/index'
import { fakeLocks } from './fake-locks'
import { problem } from './fake-routes'
import { FakeServer, ME, ORG } from './fake-server'
import { online, openWeft, textOf, until } from './helpers'

let server: FakeServer
const open: Weft[] = []

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
  vi.stubGlobal('navigator', { locks: fakeLocks() })
  server = new FakeServer()
  server.conversation('cnv_a', 'alpha')
  server.conversation('cnv_d', '', 'direct', ['usr_bo'])
  for (let i = 0; i < 5; i++) server.post('cnv_a', 'usr_ann', `m${i}`)
})
afterEach(() => {
  for (const weft of open.splice(0)) weft.close()
  vi.unstubAllGlobals()
})

async function page(more: Parameters<typeof openWeft>[1] = {}): Promise<Weft> {
  const weft = await openWeft(server, { storage: 'indexeddb', ...more })
  open.push(weft)
  return weft
}

async function visited(weft: Weft): Promise<void> {
  await online(weft)
  await until(() => weft.timeline('cnv_a').view.get().loading === null)
}

const texts = (weft: Weft) => weft.timeline('cnv_a').view.get().items.map(textOf)
const bootstraps = () => server.requests.filter((r) => r.endsWith('/bootstrap')).length

/** Everything that is kept under the org's name. */
async function kept(): Promise<unknown[]> {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(`weft:${ORG}`)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  const rows: unknown[] = []
  for (const name of db.objectStoreNames) {
    const store = db.transaction(name).objectStore(name)
    await new Promise<void>((resolve) => {
      const all = store.getAll()
      all.onsuccess = () => {
        rows.push(...all.result)
        resolve()
      }
    })
  }
  db.close()
  return rows
}

it('writes a first load down at once: a page closed within a second opens offline the next time', async () => {
  const real = setTimeout
  // The timer of later writes never fires.
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  try {
    await page()
    const names = async () => JSON.stringify(await kept()).includes('alpha')
    while (!(await names())) await new Promise((resolve) => real(resolve, 1))
  } finally {
    vi.useRealTimers()
  }
  server.down = true
  const again = await page()
  expect(again.conversation('cnv_a').get()?.title).toBe('alpha')
})

describe('a second start', () => {
  it('shows what was there without the network, and catches up with it', async () => {
    const first = await page()
    await visited(first)
    first.setDraft('cnv_a', 'half a thought')
    await first.setSetting('theme', 'dark')
    first.close()
    server.down = true
    const second = await page()
    expect(second.conversations.get().map((c) => c.title)).toEqual(['alpha', '张伟'])
    expect(second.draft('cnv_a')).toBe('half a thought')
    expect(second.conversation('cnv_a').get()?.draft).toBe('half a thought')
    expect(second.settings.get()).toEqual({ theme: 'dark' })
    await until(() => texts(second).length === 5)
    expect(second.timeline('cnv_a').view.get().error).toBeNull()
    server.down = false
    server.post('cnv_a', 'usr_ann', 'meanwhile')
    await until(() => texts(second).length === 6)
    expect(second.conversation('cnv_a').get()?.unread).toBe(6)
    expect(bootstraps()).toBe(1)
  })

  it('brings a tail up to date that fell behind while nobody looked', async () => {
    const first = await page()
    await visited(first)
    first.close()
    const second = await page()
    await online(second)
    server.post('cnv_a', 'usr_ann', 'unseen')
    server.change('cnv_a', server.get('cnv_a').messages[0]?.id as string, {
      content: { v: 1, parts: [{ type: 'markdown', text: 'edited' }] },
    })
    await until(() => second.conversation('cnv_a').get()?.head_seq === 7)
    const asked = server.requests.length
    second.timeline('cnv_a')
    await until(() => texts(second).length === 6)
    expect(texts(second)[0]).toBe('edited')
    expect(server.requests.slice(asked)).toEqual(['GET /conversations/cnv_a/changes'])
  })

  it('learns of conversations joined and left meanwhile', async () => {
    const first = await page()
    await visited(first)
    first.close()
    server.conversation('cnv_n', 'new')
    server.leave('cnv_a')
    const second = await page()
    await until(() => second.conversation('cnv_a').get() === undefined)
    await until(() => second.conversation('cnv_n').get()?.title === 'new')
    second.close()
    const third = await page()
    expect(
      third.conversations
        .get()
        .map((c) => c.id)
        .sort(),
    ).toEqual(['cnv_d', 'cnv_n'])
    await until(async () => !JSON.stringify(await kept()).includes('m4'), 'the messages to be gone')
  })

  it('drops everything of another epoch, but not what waits to be sent', async () => {
    const first = await page()
    await visited(first)
    server.deaf = true
    first.send('cnv_a', { text: 'mine' })
    await until(() => [...server.sockets].some((s) => s.received.some((f) => f.t === 'send')))
    first.close()
    server.deaf = false
    server.epoch = 'epoch-2'
    server.get('cnv_a').messages.splice(2)
    server.get('cnv_a').log.head = 2
    server.get('cnv_a').fields.last_n = 2
    const second = await page()
    await until(() => bootstraps() === 2)
    await until(() => texts(second).length === 3)
    expect(texts(second)).toEqual(['m0', 'm1', 'mine'])
  })

  it('forgets another person on the same device', async () => {
    const first = await page()
    await visited(first)
    first.close()
    const other = { ...server.me, principal: { ...server.me.principal, id: 'usr_other' } }
    server.down = true
    await expect(page({ me: other })).rejects.toMatchObject({ code: 'offline' })
    expect(JSON.stringify(await kept())).not.toContain('alpha')
  })
})

describe('the end of a session', () => {
  const bye = (code: string): void => {
    for (const socket of server.sockets) socket.frame({ t: 'bye', code })
  }

  it.each(['signed_out', 'deactivated'])('removes everything on `%s`, in every tab', async (code) => {
    const [one, two] = [await page(), await page()]
    await visited(one)
    await visited(two)
    one.send('cnv_a', { text: 'sent' })
    await until(() => texts(two).includes('sent'))
    bye(code)
    await until(() => [one, two].every((w) => w.connection.get().state === 'signed_out'))
    await until(async () => (await kept()).length === 0, 'an empty store')
    expect(server.sockets.size).toBe(0)
  })

  it('keeps what is there when a session merely expired', async () => {
    const weft = await page()
    await visited(weft)
    bye('session_expired')
    await until(() => weft.connection.get().state === 'signed_out')
    weft.close()
    expect((await kept()).length).toBeGreaterThan(0)
  })

  it.each([
    [401, 'unauthenticated'],
    [403, 'not_a_member'],
  ])('is found out where only the handshake is refused: %i %s', async (status, code) => {
    const weft = await page()
    await visited(weft)
    server.intercept = () => problem(status, code)
    server.refuseSockets = true
    server.cut()
    await until(() => weft.connection.get().state === 'signed_out')
    await until(async () => (await kept()).length === 0, 'an empty store')
  })

  it('keeps what is there when only the handshake says that the session expired', async () => {
    const weft = await page()
    await visited(weft)
    server.intercept = () => problem(401, 'session_expired')
    server.refuseSockets = true
    server.cut()
    await until(() => weft.connection.get().state === 'signed_out')
    weft.close()
    expect((await kept()).length).toBeGreaterThan(0)
  })

  it('leaves nothing of any org behind when the device is to forget', async () => {
    const weft = await page()
    await visited(weft)
    weft.close()
    await forgetDevice()
    expect(await indexedDB.databases()).toEqual([])
  })
})

it('works without a store where the platform refuses one', async () => {
  vi.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new DOMException('denied', 'SecurityError')
  })
  const weft = await page()
  await visited(weft)
  weft.send('cnv_a', { text: 'still' })
  await until(() => server.get('cnv_a').messages.some((m) => m.from === ME))
})
