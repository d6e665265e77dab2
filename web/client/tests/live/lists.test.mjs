import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer, until } from '../../../sdk/tests/live/server.mjs'
import { composer, signedIn, startChromium } from './pages.mjs'

const ORG = '织云'

describe.skipIf(!BIN)('lists that follow what happens', () => {
  let server, browser, ann, bob, org, direct, group, page

  beforeAll(async () => {
    server = await LiveServer.start()
    await server.admin(['create-org', ORG])
    ann = await server.person(ORG, 'Ann', true)
    bob = await server.person(ORG, 'Bob')
    const cyd = await server.person(ORG, 'Cyd')
    org = (await ann.api.me.get()).org.id
    for (const who of [bob, cyd]) who.id = (await who.api.me.get()).principal.id
    direct = (await ann.api.conversations.create({ kind: 'direct', members: [bob.id] })).id
    group = (await ann.api.conversations.create({ kind: 'group', members: [bob.id, cyd.id] })).id
    await post(bob, direct, 'Please **read** this')
    browser = await startChromium()
    page = await signedIn(browser, server, 'Ann')
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  afterEach(() => expect(page.faults.splice(0)).toEqual([]))

  const post = (who, id, text, more = {}) =>
    who.api.messages.send(id, { nonce: crypto.randomUUID(), text, ...more })
  const open = async (id) => {
    await page.goto(`${server.base}/o/${org}/c/${id}`)
    await composer(page).waitFor()
  }
  const row = (id) => page.locator(`nav a[href$="/c/${id}"]`)
  const shows = (id, words) => row(id).getByText(words).waitFor()

  it('shows the newest message of conversations between people, fetched, live, and mine', async () => {
    await open(group)
    await shows(direct, 'Please read this')
    expect(await row(direct).locator('time').textContent()).toMatch(/^\d\d:\d\d$/)
    const sent = await post(bob, group, 'for the group')
    await shows(group, 'Bob: for the group')
    await bob.api.messages.edit(sent.id, 'for the group, mended')
    await shows(group, 'Bob: for the group, mended')
    await composer(page).fill('from me')
    await page.keyboard.press('Enter')
    await shows(group, 'you: from me')
    await bob.api.messages.recall((await post(bob, direct, 'oh no')).id)
    await shows(direct, 'Bob recalled a message')
  })

  it('puts a draft in front', async () => {
    await open(group)
    await composer(page).fill('half a thought')
    await row(direct).click()
    await shows(group, /^Draft half a thought/)
    await row(group).click()
    await composer(page).fill('')
  })

  it('has the words at once without a network, and none where the reader hides them', async () => {
    await post(bob, direct, 'kept on the device')
    await open(group)
    await shows(direct, 'kept on the device')
    await page.evaluate(() => navigator.serviceWorker.ready)
    await page.reload()
    await shows(direct, 'kept on the device')
    await page.route('**/api/**', (route) => route.abort())
    await page.reload()
    await shows(direct, 'kept on the device')
    await page.unroute('**/api/**')
    await page.reload()
    await page.getByRole('button', { name: ORG, exact: true }).click()
    await page.getByRole('menuitem', { name: 'Hide message previews' }).click()
    await row(direct).getByText('kept on the device').waitFor({ state: 'hidden' })
    await page.goto(`${server.base}/o/${org}/settings/appearance`)
    await page.getByRole('switch', { name: 'Show the latest message under names' }).click()
    await page.getByRole('link', { name: 'Chat' }).click()
    await shows(direct, 'kept on the device')
  })

  it('puts the thread with the newest reply first, but not under the reader’s pointer', async () => {
    const [one, two] = [await post(ann, direct, 'thread one'), await post(ann, direct, 'thread two')]
    await post(bob, direct, 'reply to one', { thread: one.id })
    await post(bob, direct, 'reply to two', { thread: two.id })
    await page.mouse.move(0, 0)
    await page.goto(`${server.base}/o/${org}/threads`)
    const first = (words) => until(async () => (await rows()).at(0)?.includes(words), `${words} first`)
    const rows = () => page.locator('main li').allTextContents()

    await first('thread two')
    await post(bob, direct, 'again to one', { thread: one.id })
    await first('thread one')
    await page.locator('main li').first().hover()
    await post(bob, direct, 'again to two', { thread: two.id })
    const button = page.getByRole('button', { name: 'Show new replies' })
    await button.waitFor()
    expect((await rows())[0]).toContain('thread one')
    await button.click()
    await first('thread two')
    await page.locator('main li').first().hover()
    await post(bob, direct, 'and one', { thread: one.id })
    await button.waitFor()
    await page.mouse.move(0, 0)
    await first('thread one')
  })
})
