import AxeBuilder from '@axe-core/playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer } from '../../../sdk/tests/live/server.mjs'
import { composer, message, signedIn, startChromium } from './pages.mjs'

const ORG = '织云'

describe.skipIf(!BIN)('polls in the browser', () => {
  let server, browser, ann, bob, org, room, annPage, bobPage

  beforeAll(async () => {
    server = await LiveServer.start()
    await server.admin(['create-org', ORG])
    ann = await server.person(ORG, 'Ann', true)
    bob = await server.person(ORG, 'Bob')
    org = (await ann.api.me.get()).org.id
    const members = [(await bob.api.me.get()).principal.id]
    room = (await ann.api.conversations.create({ kind: 'channel', name: 'room', members })).id
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

  it('asks from the menu, is voted on live, and shows who voted', async () => {
    await open(annPage)
    await open(bobPage)
    await annPage.getByRole('button', { name: 'Attach' }).click()
    await annPage.getByRole('menuitem', { name: 'Poll' }).click()
    const dialog = annPage.getByRole('dialog', { name: 'New poll' })
    await dialog.getByLabel('Question').fill('午饭吃什么？')
    await dialog.getByRole('textbox', { name: 'Option 1' }).fill('面')
    await dialog.getByRole('textbox', { name: 'Option 2' }).fill('面')
    await dialog.getByRole('button', { name: 'Post poll' }).click()
    await dialog.getByText('Two options are the same.').waitFor()
    await dialog.getByRole('textbox', { name: 'Option 2' }).fill('饭')
    await accessible(annPage, 'dialog')
    await dialog.getByRole('button', { name: 'Post poll' }).click()
    await dialog.waitFor({ state: 'detached' })

    const theirs = message(bobPage, '午饭')
    await theirs.getByRole('button', { name: '面: 0 votes, 0 %' }).click()
    await theirs.getByRole('button', { name: '面: 1 vote, 100 %', pressed: true }).waitFor()
    const mine = message(annPage, '午饭')
    await mine.getByRole('button', { name: '面: 1 vote, 100 %', pressed: false }).waitFor()
    await accessible(annPage, '[data-poll]')
    await mine.getByRole('button', { name: '1 person voted' }).click()
    const who = annPage.getByRole('dialog', { name: 'Who voted' })
    await who.getByText('Bob').waitFor()
    await accessible(annPage, '[role=dialog]')
    await annPage.keyboard.press('ArrowRight')
    await who.getByText('Nobody chose this').waitFor()
    await annPage.keyboard.press('Escape')
    // Pressing the choice again takes it back.
    await theirs.getByRole('button', { name: /^面/ }).click()
    await theirs.getByText('Nobody has voted yet').waitFor()
  })

  it('hides results until one has voted, and closes for good', async () => {
    const poll = { question: 'Which day?', options: ['Mon', 'Tue'], results: 'voted', anonymous: true }
    await ann.api.messages.send(room, { nonce: crypto.randomUUID(), text: '', poll })
    const theirs = message(bobPage, 'Which day?')
    await theirs.getByText('Choose one · Anonymous · Results after voting').waitFor()
    await theirs.getByRole('button', { name: 'Tue', exact: true }).focus()
    await bobPage.keyboard.press('Space')
    await theirs.getByRole('button', { name: 'Tue: 1 vote, 100 %', pressed: true }).waitFor()
    const mine = message(annPage, 'Which day?')
    await mine.getByText('1 person voted').waitFor()
    await mine.getByRole('button', { name: 'Tue', exact: true }).waitFor()
    await mine.getByRole('button', { name: 'More about this poll' }).click()
    await annPage.getByRole('menuitem', { name: 'Close poll' }).click()
    await annPage.getByRole('dialog').getByRole('button', { name: 'Close poll' }).click()
    await theirs.getByText('Closed by Ann').waitFor()
    await theirs.getByRole('button', { name: 'Tue: 1 vote, 100 %' }).waitFor()
    await mine.getByRole('button', { name: 'Mon: 0 votes, 0 %' }).waitFor()
  })

  it('fits a phone and speaks Chinese', async () => {
    await annPage.setViewportSize({ width: 390, height: 844 })
    await annPage.evaluate(() => localStorage.setItem('weft.locale', 'zh-CN'))
    await annPage.reload()
    const card = annPage.locator('[data-poll]').first()
    await card.waitFor()
    const { width, right } = await card.evaluate((el) => ({
      width: el.scrollWidth - el.clientWidth,
      right: el.getBoundingClientRect().right,
    }))
    expect(width).toBeLessThanOrEqual(0)
    expect(right).toBeLessThanOrEqual(390)
    await accessible(annPage, '[data-poll]')
  })
})
