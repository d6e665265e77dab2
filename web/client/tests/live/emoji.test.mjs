import AxeBuilder from '@axe-core/playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer } from '../../../sdk/tests/live/server.mjs'
import { composer, message, say, signedIn, startChromium } from './pages.mjs'
import { picture } from './pictures.mjs'

const ORG = '织云'

describe.skipIf(!BIN)("an organisation's own emoji in the browser", () => {
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
    bobPage = await signedIn(browser, server, 'Bob', { reducedMotion: 'reduce' })
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

  it('are added several at once, named by their files, and what is wrong is said beside it', async () => {
    await annPage.goto(`${server.base}/o/${org}/settings/emoji`)
    await annPage.getByText('No emoji of your own yet').waitFor()
    await annPage
      .locator('input[type=file]')
      .setInputFiles([
        picture('打工人.png', [200, 40, 40]),
        picture('Party Parrot.png', [40, 160, 40]),
        picture('smile.png', [40, 40, 200]),
        { name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('no picture') },
      ])
    await accessible(annPage, 'main')
    await annPage.getByRole('button', { name: 'Add 4 emoji' }).click()
    await annPage.getByText('This is the name of a standard emoji. Choose another name.').waitFor()
    await annPage.getByText('This is no PNG, JPEG, GIF or WebP picture.').waitFor()
    await annPage.getByText(':party_parrot:', { exact: true }).waitFor()
    await annPage.getByRole('button', { name: 'Leave out broken.png' }).click()
    await annPage.getByLabel('Name of smile.png').fill('blue')
    await annPage.getByRole('button', { name: 'Add 1 emoji' }).click()
    await annPage.getByText(':blue:', { exact: true }).waitFor()
    await annPage.getByRole('button', { name: 'Other names of :blue:' }).click()
    await annPage.getByRole('dialog').getByLabel('Other names').fill('Blau, 蓝')
    await annPage.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await annPage.getByText(':blau: · :蓝:').waitFor()
    await shot(annPage, 'settings')
    await annPage.getByRole('searchbox', { name: 'Find by name or pinyin' }).fill('dgr')
    await annPage.getByText(':打工人:', { exact: true }).waitFor()
    await annPage.getByText(':party_parrot:', { exact: true }).waitFor({ state: 'detached' })
    await accessible(annPage, 'main')
  })

  it('are completed by pinyin, shown as pictures, alone large', async () => {
    await open(annPage)
    await open(bobPage)
    await composer(annPage).click()
    await annPage.keyboard.type('早 :dagong')
    const option = annPage.getByRole('option', { name: ':打工人:' }).first()
    await option.waitFor()
    await accessible(annPage, '[role=listbox]')
    await shot(annPage, 'completion')
    await annPage.keyboard.press('Enter')
    await annPage.keyboard.press('Enter')
    const theirs = message(bobPage, '早')
    const image = theirs.getByRole('img', { name: ':打工人:' })
    await shown(image)
    await say(annPage, ':party_parrot: :blau:')
    const large = bobPage
      .getByRole('article')
      .filter({ has: bobPage.getByRole('img', { name: ':blue:' }) })
      .last()
    await shown(large.getByRole('img', { name: ':blue:' }))
    const height = (locator) => locator.evaluate((el) => el.getBoundingClientRect().height)
    expect(await height(large.getByRole('img', { name: ':blue:' }))).toBeGreaterThan(
      1.5 * (await height(image)),
    )
    await say(annPage, 'no such :thing_there: here')
    await message(bobPage, 'no such :thing_there: here').waitFor()
  })

  it('are chosen in the picker and answer messages', async () => {
    const mine = message(annPage, '早')
    await mine.hover()
    await annPage
      .getByRole('toolbar', { name: 'Message actions' })
      .getByRole('button', { name: 'Add reaction', exact: true })
      .click()
    const picker = annPage.getByRole('dialog', { name: 'Emoji picker' })
    await picker.getByText("Your organisation's").waitFor()
    await accessible(annPage, '[data-own]')
    await shot(annPage, 'picker')
    await picker.getByRole('button', { name: ':party_parrot:' }).click()
    const theirs = message(bobPage, '早')
    const chip = theirs.getByRole('button', { name: /:party_parrot:/ })
    await shown(chip.getByRole('img'))
    await chip.click()
    await mine.getByRole('button', { name: /:party_parrot:.*2/ }).waitFor()
    await annPage.emulateMedia({ colorScheme: 'dark' })
    await shot(annPage, 'dark')
    await annPage.emulateMedia({ colorScheme: 'light' })
  })

  it('leave their names where they were removed, at once and after a reload', async () => {
    await annPage.goto(`${server.base}/o/${org}/settings/emoji`)
    await annPage.getByRole('button', { name: 'Remove :party_parrot:' }).click()
    await annPage.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
    await annPage.getByText(':party_parrot: was removed.').waitFor()
    const theirs = message(bobPage, '早')
    await theirs
      .getByRole('button', { name: /:party_parrot:/ })
      .getByText(':party_parrot:')
      .waitFor()
    await bobPage.reload()
    await theirs
      .getByRole('button', { name: /:party_parrot:/ })
      .getByText(':party_parrot:')
      .waitFor()
    await shown(theirs.getByRole('img', { name: ':打工人:' }))
  })

  it('are there without a network', async () => {
    await bobPage.context().setOffline(true)
    await composer(bobPage).click()
    await bobPage.keyboard.type(':dgr')
    await bobPage.getByRole('option', { name: ':打工人:' }).first().waitFor()
    await bobPage.keyboard.press('Escape')
    await composer(bobPage).fill('')
    await bobPage.context().setOffline(false)
  })

  it('are only added by admins where the org says so', async () => {
    await annPage.getByText('Owners and admins').click()
    await annPage.getByText('Saved').waitFor()
    await bobPage.goto(`${server.base}/o/${org}/settings/emoji`)
    await bobPage.getByText('Only admins add emoji here.').waitFor()
    expect(await bobPage.getByRole('button', { name: 'Choose pictures' }).count()).toBe(0)
    expect(await bobPage.getByRole('button', { name: 'Remove :blue:' }).count()).toBe(0)
  })

  it('fits a phone and speaks Chinese', async () => {
    await annPage.setViewportSize({ width: 390, height: 844 })
    await annPage.evaluate(() => localStorage.setItem('weft.locale', 'zh-CN'))
    await annPage.goto(`${server.base}/o/${org}/settings/emoji`)
    await annPage.getByText('谁可以添加表情').waitFor()
    await annPage.locator('input[type=file]').setInputFiles([picture('好.png', [9, 9, 9])])
    await annPage.getByLabel('好.png 的名称').waitFor()
    await shot(annPage, 'phone')
    const wide = await annPage.evaluate(() => document.documentElement.scrollWidth)
    expect(wide).toBeLessThanOrEqual(390)
    await accessible(annPage, 'main')
  })
})
