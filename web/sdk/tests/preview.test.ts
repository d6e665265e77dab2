import { afterEach, describe, expect, it } from 'vitest'
import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import type { Weft } from '../src/index'
import { previewOf } from '../src/sync/preview'
import { FakeServer, ME } from './fake-server'
import { online, openWeft, reconnect, until } from './helpers'

const open: Weft[] = []
afterEach(() => {
  for (const weft of open.splice(0)) weft.close()
})

async function start(server: FakeServer, more: Parameters<typeof openWeft>[1] = {}): Promise<Weft> {
  const weft = await openWeft(server, more)
  open.push(weft)
  await online(weft)
  return weft
}

function seeded(): FakeServer {
  const server = new FakeServer()
  server.conversation('cnv_a', 'alpha')
  server.conversation('cnv_d', '', 'direct')
  return server
}

const lastOf = (weft: Weft, id: string) => {
  const last = weft.conversation(id).get()?.last
  return (
    last && { from: last.from, state: last.state, text: (last.content.parts[0] as { text?: string })?.text }
  )
}

describe('the newest message of a conversation between people', () => {
  it('is unknown after a first load, fetched when asked for, and follows the log', async () => {
    const server = seeded()
    server.post('cnv_d', 'usr_ann', 'before')
    const weft = await start(server)
    expect(lastOf(weft, 'cnv_d')).toBeUndefined()
    weft.preview('cnv_d')
    await until(() => lastOf(weft, 'cnv_d')?.text === 'before')
    const sent = server.post('cnv_d', 'usr_ann', 'after')
    await until(() => lastOf(weft, 'cnv_d')?.text === 'after')
    server.change('cnv_d', sent.id, { content: { v: 1, parts: [{ type: 'markdown', text: 'mended' }] } })
    await until(() => lastOf(weft, 'cnv_d')?.text === 'mended')
  })

  it('is not kept for channels, and a reply in a thread is not it', async () => {
    const server = seeded()
    const weft = await start(server)
    server.post('cnv_a', 'usr_ann', 'loud')
    const root = server.post('cnv_d', 'usr_ann', 'root')
    server.post('cnv_d', 'usr_ann', 'reply', { thread: root.id })
    await until(() => lastOf(weft, 'cnv_d')?.text === 'root')
    expect(weft.conversation('cnv_a').get()).not.toHaveProperty('last')
  })

  it('is known to be absent where nobody has written', async () => {
    const weft = await start(seeded())
    weft.preview('cnv_d')
    await until(() => weft.conversation('cnv_d').get()?.last === null)
  })

  it('is asked for again when the network is back', async () => {
    const server = seeded()
    server.post('cnv_d', 'usr_ann', 'hello')
    const weft = await start(server)
    server.intercept = () => new Response('', { status: 500 })
    weft.preview('cnv_d')
    await until(() => server.requests.some((r) => r.endsWith('/cnv_d/messages')))
    server.intercept = () => undefined
    await reconnect(server, weft)
    await until(() => lastOf(weft, 'cnv_d')?.text === 'hello')
  })

  it('is mine from the moment of sending', async () => {
    const server = seeded()
    const weft = await start(server)
    server.down = true
    server.cut()
    weft.send('cnv_d', { text: 'on its way' })
    await until(() => lastOf(weft, 'cnv_d')?.text === 'on its way')
    expect(lastOf(weft, 'cnv_d')?.from).toBe(ME)
  })

  it('says nothing of what vanishes', () => {
    const content = { v: 1 as const, parts: [{ type: 'markdown' as const, text: 'the code is 4711' }] }
    const last = previewOf({ from: ME, at: 1, state: 'live', content, vanish: { after: 60, at: null } })
    expect(last).toEqual({ from: ME, at: 1, state: 'vanished', content: { v: 1, parts: [] } })
  })

  it('is cut short, and there at once from the device', async () => {
    globalThis.indexedDB = new IDBFactory()
    const server = seeded()
    const first = await start(server, { storage: 'indexeddb' })
    server.post('cnv_d', 'usr_ann', 'x'.repeat(5000))
    await until(() => lastOf(first, 'cnv_d')?.text === 'x'.repeat(160))
    first.close()
    server.down = true
    await until(async () => {
      // Nothing to show until the first page has written what it held.
      const again = await openWeft(server, { storage: 'indexeddb' }).catch(() => null)
      if (!again) return false
      const known = lastOf(again, 'cnv_d')?.text?.length === 160
      again.close()
      return known
    })
  })
})
