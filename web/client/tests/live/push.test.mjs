import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer, until } from '../../../sdk/tests/live/server.mjs'
import { composer, signedIn, startChromium, violations } from './pages.mjs'

const ORG = '织云'

describe.skipIf(!BIN)('the installed client', () => {
  let server, browser, ann, bob, org, room, page, worker, cdp, registration

  beforeAll(async () => {
    server = await LiveServer.start()
    await server.admin(['create-org', ORG])
    ann = await server.person(ORG, 'Ann', true)
    bob = await server.person(ORG, 'Bob')
    const me = await bob.api.me.get()
    org = me.org.id
    room = (await ann.api.conversations.create({ kind: 'direct', members: [me.principal.id] })).id
    browser = await startChromium()
    page = await signedIn(browser, server, 'Bob', { permissions: ['notifications'] })
    cdp = await page.context().newCDPSession(page)
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      registration = registrations.find((each) => !each.isDeleted)?.registrationId ?? registration
    })
    await cdp.send('ServiceWorker.enable')
    await page.goto(`${server.base}/o/${org}/settings/notifications`)
    await page.evaluate(() => navigator.serviceWorker.ready)
    await until(() => page.evaluate(() => navigator.serviceWorker.controller !== null), 'the worker at work')
    worker = page.context().serviceWorkers()[0] ?? (await page.context().waitForEvent('serviceworker'))
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  afterEach(() => expect(page.faults.splice(0)).toEqual([]))

  const push = (payload) =>
    cdp.send('ServiceWorker.deliverPushMessage', {
      origin: server.base,
      registrationId: registration,
      data: JSON.stringify({ v: 1, lang: 'en', ...payload }),
    })
  const shown = () =>
    worker.evaluate(async () =>
      (await self.registration.getNotifications()).map(({ title, body, tag, data }) => ({
        title,
        body,
        tag,
        url: data.payload.url,
      })),
    )
  const message = (seq, body) => ({
    t: 'message',
    org: 'org_elsewhere',
    conv: room,
    seq,
    tag: room,
    title: 'Ann',
    body,
    url: `/o/${org}/c/${room}/${seq}`,
    badge: seq,
  })

  it('keeps a whole version of itself, and nothing of the API', async () => {
    const kept = await page.evaluate(async () => {
      const names = await caches.keys()
      const keys = await Promise.all(
        names.map(async (name) => (await (await caches.open(name)).keys()).map((r) => r.url)),
      )
      return { names, paths: keys.flat().map((url) => new URL(url).pathname) }
    })
    expect(kept.names).toHaveLength(1)
    expect(kept.paths).toContain('/')
    expect(kept.paths.some((path) => path.startsWith('/assets/conversation-'))).toBe(true)
    expect(kept.paths.filter((path) => path.startsWith('/api/'))).toEqual([])
  })

  it('starts without a network after one visit, at pages that were never opened', async () => {
    await page.goto(`${server.base}/o/${org}`)
    await page.getByRole('link', { name: /Ann/ }).first().waitFor()
    await page.context().setOffline(true)
    await page.goto(`${server.base}/o/${org}/c/${room}`)
    await composer(page).waitFor()
    await page.context().setOffline(false)
  })

  it('shows what is pushed, as one notification for each conversation', async () => {
    await page.goto(`${server.base}/o/${org}/settings/notifications`)
    await until(() => registration, 'the registration')
    await push(message(1, 'one'))
    await push(message(2, 'two'))
    await push(message(1, 'late'))
    const one = await until(
      async () => (await shown()).find((each) => each.body.includes('two')),
      'the second message',
    )
    expect(one).toEqual({ title: 'Ann', body: 'one\ntwo', tag: room, url: `/o/${org}/c/${room}/2` })
    expect(await shown()).toHaveLength(1)
    await push({ t: 'clear', tag: room, badge: 0 })
    await until(async () => (await shown()).length === 0, 'nothing shown')
  })

  it('opens what was notified in the page that is there', async () => {
    await worker.evaluate(async (url) => {
      const [window] = await self.clients.matchAll({ type: 'window' })
      window.postMessage({ t: 'open', url })
    }, `/o/${org}/c/${room}`)
    await page.waitForURL(`**/o/${org}/c/${room}`)
    await composer(page).waitFor()
  })

  it('explains where it stands, and offers what can be done', async () => {
    await page.goto(`${server.base}/o/${org}/settings/notifications`)
    await page.getByRole('heading', { name: 'This device' }).waitFor()
    await page.getByRole('button', { name: 'Turn on notifications' }).waitFor()
    await page.getByText('No other device is told.').waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByText('Sender only').click()
    const content = async () => (await bob.api.me.get()).settings['push.content'] === 'sender'
    await until(content, 'the choice on the server')
    // This Chromium has no push service to register with.
    await page.getByRole('button', { name: 'Turn on notifications' }).click()
    await page.getByText('could not reach its push service').waitFor()
  })

  it('knows whether a page is of its version', async () => {
    const told = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = (event) => resolve(event.data)
          navigator.serviceWorker.controller.postMessage(
            { t: 'loaded', entry: '/assets/of-an-older-version.js' },
            [port2],
          )
        }),
    )
    expect(told).toBe(false)
  })
})
