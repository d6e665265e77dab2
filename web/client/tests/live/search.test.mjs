import { AxeBuilder } from '@axe-core/playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer, until } from '../../../sdk/tests/live/server.mjs'
import { signedIn, startChromium } from './pages.mjs'

const ORG = '织云'

describe.skipIf(!BIN)('search', () => {
  let server, browser, ann, org, room, page

  beforeAll(async () => {
    server = await LiveServer.start()
    await server.admin(['create-org', ORG])
    ann = await server.person(ORG, 'Ann', true)
    const bob = await server.person(ORG, 'Bob')
    org = (await ann.api.me.get()).org.id
    const bobId = (await bob.api.me.get()).principal.id
    const made = { kind: 'channel', name: 'releases', members: [bobId] }
    room = (await ann.api.conversations.create(made)).id
    await post(ann, room, 'The deployment of v2.1 failed')
    const root = await post(bob, room, '我们**下周**发布 v2.2')
    await post(ann, room, 'deployment, 好的', { thread: root.id })
    await until(async () => (await ann.api.search.messages({ q: '好的' })).items.length, 'the index')
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
  const field = () => page.locator('main').getByRole('combobox')
  const hits = () => page.locator('[data-hit]')
  const open = async (query = '') => {
    await page.goto(`${server.base}/o/${org}/search${query}`)
    await field().waitFor()
  }

  it('marks what was found, and leads to it and back', async () => {
    await open()
    await field().fill('下周发布')
    await hits().filter({ hasText: '我们下周发布' }).waitFor()
    expect(await hits().locator('mark').allTextContents()).toEqual(['下周发布'])
    expect(new URL(page.url()).searchParams.get('q')).toBe('下周发布')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.locator('section article').filter({ hasText: '我们下周发布' }).waitFor()
    expect(new URL(page.url()).pathname).toContain(`/c/${room}/`)
    await page.goBack()
    await hits().first().waitFor()
    expect(await field().inputValue()).toBe('下周发布')
  })

  it('shows in which document the words stand', async () => {
    const bytes = new TextEncoder().encode('# 手册\n\n先切断电源再更换滤芯 before the pump starts')
    const begun = await ann.api.files.begin({ name: '维护手册.md', size: bytes.length })
    const headers = { ...ann.api.http.headers(), 'Upload-Offset': '0' }
    await fetch(ann.api.files.uploadUrl(begun.id), { method: 'PATCH', headers, body: bytes })
    await post(ann, room, 'for the weekend', { files: [begun.id] })
    await until(async () => (await ann.api.search.messages({ q: '换滤芯' })).items.length, 'the document')
    await open('?q=' + encodeURIComponent('换滤芯'))
    const hit = hits().filter({ hasText: '维护手册.md' })
    await hit.waitFor()
    expect(await hit.locator('mark').allTextContents()).toEqual(['换滤芯'])
    expect(await hit.innerText()).toContain('先切断电源再')
  })

  it('completes filters, people and places', async () => {
    await open()
    await field().pressSequentially('deployment fro')
    await page.getByRole('option', { name: /^from:/ }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await field().pressSequentially('bo')
    await page.getByRole('option', { name: 'Bob' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('Nothing found').waitFor()
    expect(await field().inputValue()).toBe('deployment from:Bob ')
    await field().fill('deployment in:rel')
    await page.getByRole('option', { name: '#releases' }).click()
    await until(async () => (await hits().count()) === 2, 'both')
    expect(await field().inputValue()).toBe('deployment in:#releases ')
  })

  it('filters by chips: what it has, and days', async () => {
    await open('?q=deployment')
    await hits().first().waitFor()
    await page.getByRole('button', { name: 'Date' }).click()
    await page.getByLabel('From this day').fill('2001-02-03')
    await page.getByLabel('Up to this day').fill('2001-02-03')
    await page.getByRole('button', { name: 'Apply' }).click()
    await page.getByText('Nothing found').waitFor()
    expect(await field().inputValue()).toBe('deployment on:2001-02-03')
    await page.getByRole('button', { name: 'Date' }).click()
    await page.getByRole('button', { name: 'Any time' }).click()
    await hits().first().waitFor()
    await page.getByRole('button', { name: 'Order: Best match' }).click()
    await page.getByText('Newest first').click()
    await until(() => page.url().includes('sort=time'), 'the order')
    await hits().filter({ hasText: '好的' }).waitFor()
  })

  it('says what was not understood, and remembers what was searched for', async () => {
    await open('?q=' + encodeURIComponent('deployment after:someday'))
    await page.getByText('“someday” is not a date').waitFor()
    await hits().first().waitFor()
    await page.getByRole('button', { name: 'Clear' }).click()
    await page.getByRole('button', { name: 'deployment after:someday', exact: true }).waitFor()
    await page.getByRole('tab', { name: 'People' }).click()
    await field().fill('bo')
    await page.locator('main li').filter({ hasText: 'Bob' }).waitFor()
    await page.getByRole('tab', { name: 'Channels' }).click()
    await field().fill('rele')
    await page.locator('main li').filter({ hasText: 'releases' }).waitFor()
  })

  it('stands in the quick switcher and in a conversation', async () => {
    await page.goto(`${server.base}/o/${org}/c/${room}`)
    await page.getByRole('button', { name: 'Search in this conversation' }).click()
    await field().waitFor()
    expect(await field().inputValue()).toBe('in:#releases ')
    await page.keyboard.press('Escape')
    await page.keyboard.press('ControlOrMeta+k')
    const box = page.getByRole('dialog').getByRole('combobox')
    await box.fill('v2.1')
    await page.getByRole('option', { name: /v2\.1 failed/ }).waitFor()
    await page.getByRole('option', { name: 'Search all messages' }).click()
    await hits().filter({ hasText: 'v2.1 failed' }).waitFor()
  })

  it('has no accessibility faults, wide and on a phone', async () => {
    for (const viewport of [
      { width: 1440, height: 900 },
      { width: 390, height: 844 },
    ]) {
      await page.setViewportSize(viewport)
      await open('?q=deployment')
      await hits().first().waitFor()
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width)
    }
    await page.setViewportSize({ width: 1440, height: 900 })
  })
})
