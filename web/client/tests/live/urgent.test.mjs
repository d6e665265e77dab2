import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer } from '../../../sdk/tests/live/server.mjs'
import { composer, message, say, signedIn, startChromium, violations } from './pages.mjs'

const ORG = '织云'

describe.skipIf(!BIN)('urgent messages in the browser', () => {
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
    bobPage = await signedIn(browser, server, 'Bob', {
      locale: 'zh-CN',
      viewport: { width: 390, height: 844 },
    })
    await bobPage.evaluate(() => localStorage.setItem('weft.locale', 'zh-CN'))
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  afterEach(() => {
    for (const page of [annPage, bobPage]) expect(page.faults.splice(0)).toEqual([])
  })

  it('stands over every page until it is confirmed, and its sender sees whom it reached', async () => {
    await annPage.goto(`${server.base}/o/${org}/c/${room}`)
    await composer(annPage).waitFor()
    await bobPage.goto(`${server.base}/o/${org}/people`)
    await bobPage.getByText('Ann').first().waitFor()
    await annPage.getByRole('button', { name: 'Ask for confirmation' }).click()
    const dialog = annPage.getByRole('dialog', { name: 'Ask for confirmation' })
    await dialog.getByText('Urgent', { exact: true }).click()
    await dialog.getByText('At once: on every page of the app').waitFor()
    await dialog.getByText('People I choose').click()
    await dialog.getByRole('combobox', { name: 'People' }).fill('Bo')
    await dialog.getByRole('option', { name: 'Bob' }).click()
    await dialog.getByLabel('By').selectOption('custom')
    await dialog
      .getByLabel('Until', { exact: true })
      .fill(new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 16))
    await dialog.getByRole('button', { name: 'Ask', exact: true }).click()
    await say(annPage, '机房停电了')
    await message(annPage, '机房停电').getByText('Urgent', { exact: true }).waitFor()

    const bar = bobPage.getByRole('alert', { name: '加急消息' })
    await bar.getByText('机房停电了').waitFor()
    await bobPage.waitForFunction(() => document.title.startsWith('‼'))
    expect(await violations(bobPage)).toEqual([])
    await message(annPage, '机房停电').getByRole('button', { name: '0 of 1 confirmed' }).click()
    const who = annPage.getByRole('dialog', { name: 'Who has confirmed' })
    await who.getByTitle(/App: reached/).waitFor()
    expect(await violations(annPage)).toEqual([])
    await annPage.keyboard.press('Escape')

    await bar.getByRole('button', { name: '确认收到' }).click()
    await bar.waitFor({ state: 'detached' })
    await message(annPage, '机房停电').getByText('1 of 1 confirmed').waitFor()
  })

  it('makes a message urgent that is there, and takes it back', async () => {
    await say(annPage, 'second thoughts')
    await message(annPage, 'second thoughts').hover()
    await message(annPage, 'second thoughts').getByRole('button', { name: 'More' }).click()
    await annPage.getByRole('menuitem', { name: 'Make urgent' }).click()
    await annPage.getByRole('dialog').getByRole('button', { name: 'Make urgent' }).click()
    const bar = bobPage.getByRole('alert', { name: '加急消息' })
    await bar.getByText('second thoughts').waitFor()
    await message(annPage, 'second thoughts').getByRole('button', { name: '0 of 1 confirmed' }).click()
    await annPage.getByRole('button', { name: 'No longer urgent' }).click()
    await bar.waitFor({ state: 'detached' })
  })

  it('is governed by the owner, and by each for themselves', async () => {
    await annPage.goto(`${server.base}/o/${org}/admin/urgent`)
    await annPage.getByLabel('People for one message').fill('7')
    await annPage.getByRole('heading', { name: 'Deliveries' }).waitFor()
    await annPage.getByRole('region', { name: 'Deliveries' }).getByText('App').first().waitFor()
    expect(await violations(annPage)).toEqual([])
    await annPage.getByRole('button', { name: 'Save' }).click()
    await annPage.getByText('Saved').waitFor()
    await bobPage.goto(`${server.base}/o/${org}/settings/urgent`)
    await bobPage.getByText('免打扰时段').first().click()
    await bobPage.getByLabel('从').fill('23:00')
    expect(await violations(bobPage)).toEqual([])
    await bobPage.getByRole('button', { name: '保存' }).last().click()
    await bobPage.getByText('已保存').waitFor()
    expect((await bob.api.http.request('GET', '/me/urgent')).quiet).toEqual({ from: 1380, to: 420 })
  })
})
