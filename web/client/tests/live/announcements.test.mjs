import AxeBuilder from '@axe-core/playwright'
import { mkdirSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer } from '../../../sdk/tests/live/server.mjs'
import { sideComposer, signedIn, startChromium } from './pages.mjs'

const ORG = '织云'
const SHOTS = process.env.SHOTS

describe.skipIf(!BIN)('announcements in the browser', () => {
  let server, browser, ann, bob, org, board, annPage, bobPage

  beforeAll(async () => {
    server = await LiveServer.start()
    await server.admin(['create-org', ORG])
    ann = await server.person(ORG, 'Ann', true)
    bob = await server.person(ORG, 'Bob')
    org = (await ann.api.me.get()).org.id
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

  const shot = async (page, name) => {
    if (!SHOTS) return
    mkdirSync(SHOTS, { recursive: true })
    await page.screenshot({ path: `${SHOTS}/${name}.png` })
  }
  const card = (page, title) => page.getByRole('article', { name: title })
  const accessible = async (page, selector) => {
    const { violations } = await new AxeBuilder({ page }).include(selector).analyze()
    expect(violations.map((v) => v.id)).toEqual([])
  }

  it('makes a space for everybody from where channels are made', async () => {
    await annPage.goto(`${server.base}/o/${org}`)
    await annPage.getByRole('button', { name: 'Add a channel' }).click()
    await annPage.getByRole('menuitem', { name: 'Create a channel' }).click()
    const dialog = annPage.getByRole('dialog')
    await dialog.getByText('Announcements', { exact: true }).click()
    await dialog.getByLabel('Name').fill('公司公告')
    await dialog.getByLabel('Everybody in the organisation reads it').check()
    await shot(annPage, 'create')
    await dialog.getByRole('button', { name: 'Create', exact: true }).click()
    await annPage.getByText('No announcements yet').waitFor()
    board = annPage.url().match(/cnv_[0-9a-z]+/)[0]
    await bobPage.goto(`${server.base}/o/${org}`)
    const section = bobPage.getByRole('button', { name: 'Announcements', exact: true })
    await section.waitFor()
    await bobPage.getByRole('link', { name: /公司公告/ }).waitFor()
  })

  it('is posted with a title, confirmation and a draft that stays', async () => {
    await annPage.getByRole('button', { name: 'New announcement' }).click()
    let dialog = annPage.getByRole('dialog')
    await dialog.getByLabel('Title').fill('周五停机')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await annPage.getByRole('button', { name: 'Continue the draft' }).click()
    dialog = annPage.getByRole('dialog')
    expect(await dialog.getByLabel('Title').inputValue()).toBe('周五停机')
    await dialog.getByRole('textbox', { name: 'Text' }).fill('周五晚八点**停机**维护，请提前保存。')
    await dialog.getByLabel('Ask for confirmation').check()
    await accessible(annPage, 'dialog')
    await shot(annPage, 'form')
    await dialog.getByRole('button', { name: 'Publish', exact: true }).click()
    await card(annPage, '周五停机').waitFor()
    // The reader's list says that there is something.
    await bobPage.getByRole('link', { name: /公司公告.*1/ }).waitFor()
  })

  it('is read, confirmed and commented on, and its author sees it', async () => {
    await bobPage.goto(`${server.base}/o/${org}/c/${board}`)
    const post = card(bobPage, '周五停机')
    await post.getByText('New', { exact: true }).waitFor()
    expect(await bobPage.getByRole('button', { name: 'New announcement' }).count()).toBe(0)
    await post.getByRole('button', { name: 'Confirm' }).click()
    await card(annPage, '周五停机').getByRole('button', { name: 'Read by 1 of 1' }).waitFor()
    await post.getByRole('button', { name: 'Comment' }).click()
    const box = sideComposer(bobPage)
    await box.fill('收到')
    await box.press('Enter')
    await card(annPage, '周五停机').getByRole('button', { name: '1 comment' }).waitFor()
    await card(annPage, '周五停机').getByText('1 of 1 confirmed').waitFor()
    await accessible(annPage, 'main')
    await shot(annPage, 'board-author')
    await card(annPage, '周五停机').getByRole('button', { name: 'Read by 1 of 1' }).click()
    await annPage.getByRole('dialog').getByText('Bob').waitFor()
    await annPage.keyboard.press('Escape')
  })

  it('is closed to comments midway, for who has it open', async () => {
    await card(annPage, '周五停机')
      .getByRole('button', { name: /More for/ })
      .click()
    await annPage.getByRole('menuitem', { name: 'Switch comments off' }).click()
    await bobPage.locator('aside').getByText('Comments are switched off').waitFor()
    expect(await sideComposer(bobPage).count()).toBe(0)
    await card(annPage, '周五停机')
      .getByRole('button', { name: /More for/ })
      .click()
    await annPage.getByRole('menuitem', { name: 'Edit', exact: true }).click()
    await annPage.getByRole('dialog').getByLabel('Title').fill('周六停机')
    await annPage.getByRole('button', { name: 'Save', exact: true }).click()
    await card(bobPage, '周六停机').waitFor()
  })

  it('names whom it mentions', async () => {
    const { principal } = await bob.api.me.get()
    const text = `值班：<@${principal.id}>`
    await ann.api.messages.send(board, { nonce: crypto.randomUUID(), text, post: { title: '值班表' } })
    await card(annPage, '值班表').getByText('@Bob').waitFor()
  })

  it('lets a reader choose what the stream tells, and fits a phone', async () => {
    await bobPage.goto(`${server.base}/o/${org}/settings/notifications`)
    const count = bobPage.getByLabel('Count them on the app’s icon and title')
    await count.click()
    await expect.poll(async () => (await bob.api.get('/me/alerts')).streams.announcements.badge).toBe(false)
    await bobPage.setViewportSize({ width: 390, height: 844 })
    await bobPage.goto(`${server.base}/o/${org}/c/${board}`)
    await card(bobPage, '周六停机').waitFor()
    const wide = await bobPage.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(wide).toBeLessThanOrEqual(0)
    await shot(bobPage, 'phone')
    await annPage.emulateMedia({ colorScheme: 'dark' })
    await shot(annPage, 'board-dark')
  })
})
