import AxeBuilder from '@axe-core/playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer } from '../../../sdk/tests/live/server.mjs'
import { composer, signedIn, startChromium } from './pages.mjs'
import { picture } from './pictures.mjs'

const ORG = '织云'

describe.skipIf(!BIN)('stickers in the browser', () => {
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
  const shot = async (page, name) => {
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png` })
  }
  const shown = async (image) => {
    await image.waitFor()
    await expect.poll(() => image.evaluate((el) => el.complete && el.naturalWidth)).toBe(64)
  }
  const stickers = (page) => page.getByRole('button', { name: 'Stickers' })

  it('are arranged in packs, and what is no picture is said by name', async () => {
    await annPage.goto(`${server.base}/o/${org}/settings/stickers`)
    await annPage.getByRole('button', { name: 'New pack' }).click()
    await annPage.getByRole('dialog').getByLabel('Name of the pack').fill('猫猫')
    await annPage.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    const pack = annPage.getByRole('region', { name: '猫猫' })
    await pack.getByText('This pack is empty.').waitFor()
    await pack
      .getByLabel('Add to 猫猫')
      .setInputFiles([
        picture('哈哈.png', [200, 40, 40]),
        picture('好.png', [40, 160, 40]),
        { name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('no picture') },
      ])
    await shown(pack.getByRole('img', { name: '[哈哈]' }))
    await pack.getByText('broken: This is no PNG, JPEG, GIF or WebP picture.').waitFor()
    await shot(annPage, 'stickers-settings')
    await accessible(annPage, 'main')
  })

  it('are sent from the picker, and kept by who received them', async () => {
    await open(annPage)
    await open(bobPage)
    await stickers(annPage).click()
    const picker = annPage.getByRole('dialog', { name: 'Stickers' })
    await picker.getByRole('button', { name: 'Send 好' }).waitFor()
    await accessible(annPage, '[role=dialog]')
    await shot(annPage, 'stickers-picker')
    await picker.getByRole('button', { name: 'Send 好' }).click()
    await picker.waitFor({ state: 'detached' })
    const theirs = bobPage.getByRole('article').filter({ has: bobPage.getByRole('img', { name: '[好]' }) })
    await shown(theirs.getByRole('img', { name: '[好]' }))
    await theirs.getByRole('button', { name: '[好]' }).click()
    await bobPage.getByRole('menuitem', { name: 'Add to my stickers' }).click()
    await bobPage.getByText('It is among your stickers now.').waitFor()
    await stickers(bobPage).click()
    const own = bobPage.getByRole('dialog', { name: 'Stickers' })
    await own.getByRole('heading', { name: 'My stickers' }).waitFor()
    await own.getByRole('tab', { name: '猫猫' }).click()
    await own.getByRole('button', { name: 'Send 哈哈' }).click()
    await shown(annPage.getByRole('img', { name: '[哈哈]' }))
  })

  it('are quoted in words', async () => {
    const theirs = bobPage.getByRole('article').filter({ has: bobPage.getByRole('img', { name: '[好]' }) })
    await theirs.hover()
    await bobPage.getByRole('toolbar').getByRole('button', { name: 'Quote' }).click()
    await composer(bobPage).fill('indeed')
    await bobPage.keyboard.press('Enter')
    const quoted = annPage.getByRole('article').filter({ hasText: 'indeed' })
    await quoted.getByText('[好]').waitFor()
    await annPage.emulateMedia({ colorScheme: 'dark' })
    await shot(annPage, 'stickers-dark')
    await annPage.emulateMedia({ colorScheme: 'light' })
  })

  it('stay where they were sent when their pack is removed', async () => {
    await annPage.goto(`${server.base}/o/${org}/settings/stickers`)
    await annPage.getByRole('button', { name: 'Remove 猫猫' }).click()
    await annPage.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
    await annPage.getByText('There is no pack yet.').waitFor()
    await bobPage.reload()
    await shown(bobPage.getByRole('img', { name: '[哈哈]' }))
    await stickers(bobPage).click()
    const own = bobPage.getByRole('dialog', { name: 'Stickers' })
    await own.getByRole('button', { name: 'Send 好' }).waitFor()
    expect(await own.getByRole('tab').count()).toBe(0)
  })

  it('fit a phone and speak Chinese', async () => {
    await bobPage.setViewportSize({ width: 390, height: 844 })
    await bobPage.evaluate(() => localStorage.setItem('weft.locale', 'zh-CN'))
    await open(bobPage)
    await bobPage.getByRole('button', { name: '添加附件' }).click()
    await bobPage.getByRole('menuitem', { name: '贴图' }).click()
    const picker = bobPage.getByRole('dialog', { name: '贴图' })
    await picker.getByRole('button', { name: '发送 好' }).waitFor()
    await shot(bobPage, 'stickers-phone')
    const { right } = await picker.evaluate((el) => ({ right: el.getBoundingClientRect().right }))
    expect(right).toBeLessThanOrEqual(390)
    await accessible(bobPage, '[role=dialog]')
    await picker.getByRole('button', { name: '发送 好' }).click()
    await expect.poll(() => bobPage.getByRole('img', { name: '[好]' }).count()).toBe(2)
    const send = await bobPage.getByRole('button', { name: '发送', exact: true }).boundingBox()
    expect(send.x + send.width).toBeLessThanOrEqual(390)
    expect(await bobPage.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  })
})
