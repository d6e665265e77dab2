import { AxeBuilder } from '@axe-core/playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer } from '../../../sdk/tests/live/server.mjs'
import { composer, message, signedIn, startChromium } from './pages.mjs'

const ORG = '织云'

describe.skipIf(!BIN)('forwarding several messages in the browser', () => {
  let server, browser, ann, org, source, target, page

  beforeAll(async () => {
    server = await LiveServer.start()
    await server.admin(['create-org', ORG])
    ann = await server.person(ORG, 'Ann', true)
    org = (await ann.api.me.get()).org.id
    source = await channel('source')
    target = await channel('target')
    for (let i = 1; i <= 5; i++) await post(source, `**word** ${i}`)
    browser = await startChromium()
    page = await signedIn(browser, server, 'Ann', { locale: 'en' })
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  afterEach(() => expect(page.faults.splice(0)).toEqual([]))

  const channel = async (name) => (await ann.api.conversations.create({ kind: 'channel', name })).id
  const post = (id, text) => ann.api.messages.send(id, { nonce: crypto.randomUUID(), text })
  const open = async (on, id) => {
    await on.goto(`${server.base}/o/${org}/c/${id}`)
    await composer(on).waitFor()
  }
  const menu = async (on, words, item) => {
    await message(on, words).hover()
    await message(on, words).getByRole('button', { name: 'More', exact: true }).click()
    await on.getByRole('menuitem', { name: item, exact: true }).click()
  }
  const send = async (on, where) => {
    const dialog = on.getByRole('dialog')
    await dialog.getByRole('checkbox', { name: where }).check()
    await dialog.getByRole('button', { name: 'Forward', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
  }

  it('selects a range, forwards it as one card and opens the card', async () => {
    await open(page, source)
    await menu(page, 'word 2', 'Select')
    await message(page, 'word 4').click({ modifiers: ['Shift'] })
    await page.getByText('3 selected').waitFor()
    // Keys do as well; the second time takes it out again.
    await message(page, 'word 5').getByRole('checkbox').focus()
    await page.keyboard.press('Space')
    await page.getByText('4 selected').waitFor()
    await page.keyboard.press('Space')
    await page.getByText('3 selected').waitFor()
    const audit = await new AxeBuilder({ page })
      .include('section')
      .withTags(['wcag2a', 'wcag2aa', 'wcag21aa'])
      .analyze()
    expect(audit.violations.map((v) => v.id)).toEqual([])
    await page.getByRole('button', { name: 'As one' }).click()
    await send(page, 'target')
    await composer(page).waitFor()

    await open(page, target)
    const card = message(page, 'Chat history of source')
    await card.getByText('3 messages').waitFor()
    await card.getByRole('button', { name: /Chat history/ }).click()
    const dialog = page.getByRole('dialog', { name: 'Chat history of source' })
    await dialog.getByText('word 4').waitFor()
    expect(await dialog.locator('ol > li strong').count()).toBe(3)
    await dialog.getByRole('button', { name: 'Go to message' }).first().click()
    await message(page, 'word 2').waitFor()
    expect(page.url()).toContain(source)
  })

  it('opens a card within a card, and goes back', async () => {
    await open(page, target)
    await menu(page, 'Chat history of source', 'Select')
    await page.getByRole('button', { name: 'As one' }).click()
    await send(page, 'source')
    await open(page, source)
    await message(page, 'Chat history of target')
      .getByRole('button', { name: /Chat history/ })
      .click()
    const outer = page.getByRole('dialog', { name: 'Chat history of target' })
    await outer.getByRole('button', { name: /Chat history of source/ }).click()
    const inner = page.getByRole('dialog', { name: 'Chat history of source' })
    await inner.getByText('word 3').waitFor()
    await inner.getByRole('button', { name: 'Back' }).click()
    await outer.waitFor()
    await page.keyboard.press('Escape')
    await outer.waitFor({ state: 'detached' })
  })

  it('forwards one by one, and Escape ends the selection', async () => {
    const place = await channel('one by one')
    await open(page, source)
    await menu(page, 'word 1', 'Select')
    await message(page, 'word 2').click()
    await page.keyboard.press('Escape')
    await composer(page).waitFor()
    await menu(page, 'word 1', 'Select')
    await message(page, 'word 2').click()
    await page.getByRole('button', { name: 'One by one' }).click()
    await send(page, 'one by one')
    await open(page, place)
    await message(page, 'word 2').waitFor()
    expect(await page.locator('section article').filter({ hasText: 'Forwarded from Ann' }).count()).toBe(2)
  })

  it('quotes a message in another conversation', async () => {
    await open(page, source)
    await menu(page, 'word 3', 'Quote elsewhere')
    await page.getByRole('dialog').getByRole('button', { name: 'target' }).click()
    await page.locator('section').getByText('word 3').last().waitFor()
    await composer(page).click()
    await page.keyboard.type('see there')
    await page.keyboard.press('Enter')
    await message(page, 'see there')
      .getByRole('button', { name: /word 3/ })
      .click()
    await page.waitForURL(`**/c/${source}/*`)
  })

  it('works by touch on a phone', async () => {
    const phone = await signedIn(browser, server, 'Ann', {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    })
    await open(phone, source)
    const cdp = await phone.context().newCDPSession(phone)
    const touch = (type, touchPoints) => cdp.send('Input.dispatchTouchEvent', { type, touchPoints })
    const box = await message(phone, 'word 4').boundingBox()
    await touch('touchStart', [{ x: box.x + box.width / 2, y: box.y + box.height / 2 }])
    await phone.getByRole('menu').waitFor()
    await touch('touchEnd', [])
    await phone.getByRole('menuitem', { name: 'Select', exact: true }).tap()
    await message(phone, 'word 5').tap()
    await phone.getByText('2 selected').waitFor()
    const bar = await phone.getByRole('toolbar', { name: 'Selected messages' }).boundingBox()
    expect(bar.x + bar.width).toBeLessThanOrEqual(390)
    await phone.getByRole('button', { name: 'Stop selecting' }).tap()
    await composer(phone).waitFor()
    await phone.context().close()
  })
})
