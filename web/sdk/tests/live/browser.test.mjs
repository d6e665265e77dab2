import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWeft, shown, startBrowser } from './browser.mjs'
import { BIN, LiveServer, until } from './server.mjs'

const ORG = 'Browser Ltd'
const EMAIL = 'ann@weft.test'
let server, browser, ann, org, room

describe.skipIf(!BIN)('the SDK in two tabs of a browser', () => {
  beforeAll(async () => {
    server = await LiveServer.start()
    await server.admin(['create-org', ORG])
    ann = await server.person(ORG, 'Ann', true)
    const me = await ann.api.me.get()
    ann.id = me.principal.id
    org = me.org.id
    room = (await ann.api.conversations.create({ kind: 'channel', name: 'room' })).id
    browser = await startBrowser(server.base)
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  const signIn = (page) =>
    page.evaluate(
      ([email, password]) => new window.sdk.Api().auth.signIn(email, password).then(() => undefined),
      [EMAIL, 'correct horse battery staple'],
    )
  const state = (page) => page.evaluate(() => window.weft.connection.get().state)
  const send = (page, text) =>
    page.evaluate(([id, text]) => void window.weft.send(id, { text }), [room, text])
  const texts = async (page) => (await shown(page, room)).map(([text]) => text)

  it('keeps writing while the server is gone, over a reload, and sends each once in order', async () => {
    const one = await browser.open()
    await signIn(one)
    await openWeft(one, org, ann.id)
    const two = await browser.open()
    await openWeft(two, org, ann.id)
    for (const page of [one, two]) await until(async () => (await state(page)) === 'online', 'online')
    await send(one, 'first')
    for (const page of [one, two]) await until(async () => (await texts(page)).length === 1, 'the first')
    // What is there is written down within a few seconds.
    const kept = () =>
      two.evaluate(
        (org) =>
          new Promise((resolve) => {
            indexedDB.open(`weft:${org}`).onsuccess = (event) => {
              const db = event.target.result
              const all = db.transaction('tails').objectStore('tails').count()
              all.onsuccess = () => {
                db.close()
                resolve(all.result)
              }
            }
          }),
        org,
      )
    await until(async () => (await kept()) > 0, 'a stored tail')
    await server.kill()
    await until(async () => (await state(one)) === 'offline', 'offline')
    await send(one, 'a1')
    await send(two, 'b1')
    await send(one, 'a2')
    await until(async () => (await texts(two)).length === 4, 'each tab shows what the other wrote')
    // The leading tab goes, and comes back without a server.
    await one.goto(`${server.base}/__test/page`)
    await one.waitForFunction(() => window.sdk)
    await openWeft(one, org, ann.id)
    await until(async () => (await texts(one)).length === 4, 'all from the device')
    expect(await texts(one)).toEqual(['first', 'a1', 'b1', 'a2'])
    expect((await shown(one, room)).map(([, s]) => s)).toEqual(['sent', 'sending', 'sending', 'sending'])
    await server.run()
    for (const page of [one, two]) {
      await until(async () => (await shown(page, room)).every(([, s]) => s === 'sent'), 'all sent', 30_000)
      expect(await texts(page)).toEqual(['first', 'a1', 'b1', 'a2'])
    }
    const { items } = await ann.api.messages.page(room)
    expect(items.filter((m) => m.n !== null)).toHaveLength(4)
  }, 60_000)

  it('leaves nothing on the device after signing out', async () => {
    const [one, two] = browser.context.pages()
    await two.evaluate(() => window.weft.api.auth.signOut())
    for (const page of [one, two]) await until(async () => (await state(page)) === 'signed_out', 'the end')
    const rows = () =>
      one.evaluate(async (org) => {
        const db = await new Promise((resolve) => {
          indexedDB.open(`weft:${org}`).onsuccess = (event) => resolve(event.target.result)
        })
        const counts = [...db.objectStoreNames].map(
          (name) =>
            new Promise((resolve) => {
              db.transaction(name).objectStore(name).count().onsuccess = (e) => resolve(e.target.result)
            }),
        )
        const all = await Promise.all(counts)
        db.close()
        return all.reduce((a, b) => a + b, 0)
      }, org)
    await until(async () => (await rows()) === 0, 'an empty store')
  })
})
