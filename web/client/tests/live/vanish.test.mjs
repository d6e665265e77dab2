import AxeBuilder from '@axe-core/playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer, until } from '../../../sdk/tests/live/server.mjs'
import { composer, message, say, signedIn, startChromium } from './pages.mjs'

const ORG = 'Acme'

describe.skipIf(!BIN)('messages that vanish in the browser', () => {
  let server, browser, ann, bob, org, room, annPage, bobPage

  beforeAll(async () => {
    server = await LiveServer.start()
    await server.admin(['create-org', ORG])
    ann = await server.person(ORG, 'Ann', true)
    bob = await server.person(ORG, 'Bob')
    org = (await ann.api.me.get()).org.id
    const members = [(await bob.api.me.get()).principal.id]
    room = (await ann.api.conversations.create({ kind: 'direct', members })).id
    browser = await startChromium()
    annPage = await signedIn(browser, server, 'Ann')
    bobPage = await signedIn(browser, server, 'Bob')
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  afterEach(() => {
    for (const page of [annPage, bobPage]) expect(page.faults.splice(0)).toEqual([])
  })

  const open = async (page) => {
    await page.goto(`${server.base}/o/${org}/c/${room}`)
    await composer(page).waitFor()
  }
  const accessible = async (page, selector) => {
    const { violations } = await new AxeBuilder({ page }).include(selector).analyze()
    expect(violations.map((v) => v.id)).toEqual([])
  }
  const after = (seconds) =>
    ann.api.http.request('PUT', `/conversations/${room}/vanish`, { body: { after: seconds } })
  const gone = (page, words) => message(page, words).waitFor({ state: 'detached' })
  /** Everything that the page has written to the device. */
  const kept = (page) =>
    page.evaluate(async () => {
      const all = []
      for (const { name } of await indexedDB.databases()) {
        const db = await new Promise((resolve, reject) => {
          const request = indexedDB.open(name)
          request.onsuccess = () => resolve(request.result)
          request.onerror = () => reject(request.error)
        })
        for (const store of db.objectStoreNames) {
          const rows = db.transaction(store).objectStore(store).getAll()
          await new Promise((resolve) => (rows.onsuccess = resolve))
          all.push(rows.result)
        }
        db.close()
      }
      return JSON.stringify(all)
    })

  it('is switched on in the details, and both see that it is', async () => {
    await open(annPage)
    await bobPage.goto(`${server.base}/o/${org}`)
    await annPage.getByRole('button', { name: 'Details' }).click()
    const panel = annPage.getByRole('complementary').filter({ hasText: 'Vanishing messages' })
    await panel.getByLabel('Vanishing messages').waitFor()
    await accessible(annPage, 'aside')
    await panel.getByLabel('Vanishing messages').selectOption('1 hour after reading')
    const line = 'Ann made messages vanish 1 hour after reading'
    await annPage.getByText(line).waitFor()
    await annPage.getByRole('status').filter({ hasText: 'Messages vanish 1 hour after reading' }).waitFor()
    await say(annPage, 'the code is 4711')
    const mine = message(annPage, '4711')
    await mine.getByRole('img', { name: 'Vanishes 1 hour after it is read' }).waitFor()
    await open(bobPage)
    await bobPage.getByText(line).waitFor()
    await bobPage.getByRole('status').filter({ hasText: 'Messages vanish 1 hour after reading' }).waitFor()
    for (const page of [annPage, bobPage]) {
      await message(page, '4711')
        .getByRole('img', { name: /^Vanishes at / })
        .waitFor()
    }
    await accessible(bobPage, 'article')
    await accessible(bobPage, 'section [role=status]')
  })

  it('is not carried on, nor kept on the device', async () => {
    await message(bobPage, '4711').hover()
    const bar = message(bobPage, '4711').getByRole('toolbar')
    await bar.getByRole('button', { name: 'More' }).click()
    const menu = bobPage.getByRole('menu')
    await menu.getByRole('menuitem', { name: 'Copy text' }).waitFor()
    for (const name of ['Forward', 'Pin', 'Save for later', 'Quote elsewhere', 'Select']) {
      expect(await menu.getByRole('menuitem', { name, exact: true }).count(), name).toBe(0)
    }
    for (const name of ['Forward', 'Save for later']) {
      expect(await bar.getByRole('button', { name, exact: true }).count(), name).toBe(0)
    }
    await bobPage.keyboard.press('Escape')
    await say(bobPage, 'seen')
    await message(annPage, 'seen').waitFor()
    // The lists beside it say only that there is one.
    await bobPage.locator('nav').getByText('Vanishing message').waitFor()
    // What stays is written down within two seconds; that is when the other would be, too.
    await until(async () => (await kept(bobPage)).includes('vanish.changed'), 'the conversation is kept')
    for (const page of [annPage, bobPage]) expect(await kept(page)).not.toContain('4711')
    await bobPage.reload()
    await message(bobPage, '4711').waitFor()
  })

  it('goes from both pages without a trace, in two tabs', async () => {
    await after(5)
    const second = await annPage.context().newPage()
    second.faults = annPage.faults
    await open(second)
    await say(annPage, 'gone in a moment')
    for (const page of [bobPage, second]) await message(page, 'gone in a moment').waitFor()
    for (const page of [annPage, second, bobPage]) await gone(page, 'gone in a moment')
    await message(annPage, 'seen').waitFor()
    await second.close()
  })

  it('goes at its time also without a network', async () => {
    await say(annPage, 'read on the train')
    await message(bobPage, 'read on the train')
      .getByRole('img', { name: /^Vanishes at / })
      .waitFor()
    await bobPage.context().setOffline(true)
    await gone(bobPage, 'read on the train')
    await bobPage.context().setOffline(false)
    await gone(annPage, 'read on the train')
  })

  it('what was written before the switch keeps what it was written with', async () => {
    await after(3600)
    await annPage.getByRole('status').filter({ hasText: '1 hour' }).waitFor()
    await annPage.context().setOffline(true)
    await say(annPage, 'written while it was on')
    await bob.api.http.request('PUT', `/conversations/${room}/vanish`, { body: { after: null } })
    await annPage.context().setOffline(false)
    await message(bobPage, 'written while it was on')
      .getByRole('img', { name: /^Vanishes/ })
      .waitFor()
    await annPage.getByText('Bob switched vanishing messages off').waitFor()
    await annPage.getByRole('status').filter({ hasText: 'Messages vanish' }).waitFor({ state: 'detached' })
    await say(annPage, 'this stays')
    await message(bobPage, 'this stays').waitFor()
    expect(
      await message(bobPage, 'this stays')
        .getByRole('img', { name: /^Vanishes/ })
        .count(),
    ).toBe(0)
  })

  it('an organisation can want none of it', async () => {
    await annPage.goto(`${server.base}/o/${org}/admin/org`)
    const allowed = annPage.getByRole('switch', { name: /^Messages may vanish/ })
    await allowed.click()
    await annPage.getByText('Saved').first().waitFor()
    await open(bobPage)
    await bobPage.getByRole('button', { name: 'Details' }).click()
    await bobPage.getByText('Your organisation does not let messages vanish.').waitFor()
    expect(await bobPage.getByLabel('Vanishing messages').isDisabled()).toBe(true)
  })
})
