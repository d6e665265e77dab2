import AxeBuilder from '@axe-core/playwright'
import { createServer } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer } from '../../../sdk/tests/live/server.mjs'
import { composer, message, say, signedIn, startChromium } from './pages.mjs'

const ORG = '织云'
const PAGE = `<!doctype html><title>经纬发布说明</title>
<meta property="og:site_name" content="Weft 博客"><meta name="description" content="What is new, and why.">`

describe.skipIf(!BIN)('link previews in the browser', () => {
  let server, browser, ann, bob, org, room, annPage, bobPage, site, base

  beforeAll(async () => {
    site = createServer((request, response) => {
      const found = request.url.startsWith('/page')
      response.writeHead(found ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' })
      response.end(found ? PAGE : 'nothing')
    })
    await new Promise((done) => site.listen(0, '127.0.0.1', done))
    base = `http://127.0.0.1:${site.address().port}`
    server = await LiveServer.start(['--outbound-allow', '127.0.0.0/8'])
    await server.admin(['create-org', ORG])
    ann = await server.person(ORG, 'Ann', true)
    bob = await server.person(ORG, 'Bob')
    org = (await ann.api.me.get()).org.id
    const ids = [(await bob.api.me.get()).principal.id]
    room = (await ann.api.conversations.create({ kind: 'channel', name: 'room', members: ids })).id
    browser = await startChromium()
    annPage = await signedIn(browser, server, 'Ann')
    bobPage = await signedIn(browser, server, 'Bob')
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    site?.close()
  })
  afterEach(() => {
    for (const page of [annPage, bobPage]) expect(page.faults.splice(0)).toEqual([])
  })

  const open = async (page) => {
    await page.goto(`${server.base}/o/${org}/c/${room}`)
    await composer(page).waitFor()
  }
  const card = (page, text) => message(page, text).getByRole('link', { name: /经纬发布说明/ })

  it('shows a card under the message, which its author can take away', async () => {
    await open(annPage)
    await open(bobPage)
    await say(annPage, `first ${base}/page`)
    await card(bobPage, 'first').waitFor()
    await card(annPage, 'first').waitFor()
    await message(bobPage, 'first').getByText('Weft 博客').waitFor()
    expect(
      await message(bobPage, 'first')
        .getByRole('button', { name: /Remove preview/ })
        .count(),
    ).toBe(0)
    const { violations } = await new AxeBuilder({ page: annPage }).include('a[rel~=nofollow]').analyze()
    expect(violations.map((v) => v.id)).toEqual([])
    await card(annPage, 'first').hover()
    await message(annPage, 'first').getByRole('button', { name: 'Remove preview of 经纬发布说明' }).click()
    await card(bobPage, 'first').waitFor({ state: 'detached' })
  })

  it('can be hidden by everyone for themselves', async () => {
    await say(annPage, `second ${base}/page2`)
    await card(bobPage, 'second').waitFor()
    await bobPage.goto(`${server.base}/o/${org}/settings/writing`)
    await bobPage.getByRole('switch', { name: 'Show what links lead to' }).click()
    await open(bobPage)
    await message(bobPage, 'second').waitFor()
    await expect.poll(() => card(bobPage, 'second').count()).toBe(0)
    await card(annPage, 'second').waitFor()
  })

  it('is a policy of the organisation, beside the limits of files', async () => {
    await annPage.goto(`${server.base}/o/${org}/admin/files`)
    await annPage.getByRole('heading', { name: 'Storage', exact: true }).waitFor()
    await annPage.getByText(/used, without a limit/).waitFor()
    await annPage.getByRole('switch', { name: 'Limit the storage' }).click()
    await annPage.getByRole('meter', { name: 'Storage' }).waitFor()
    await annPage.getByLabel('Storage for all files (GB)').fill('25')
    await annPage.getByRole('button', { name: 'Save' }).last().click()
    await annPage.getByText('of 25 GB used').waitFor()
    await annPage.getByRole('switch', { name: 'Show what links lead to' }).click()
    await expect.poll(async () => (await ann.api.files.settings()).link_previews).toBe(false)
    expect((await ann.api.files.settings()).quota).toBe(25_000_000_000)
    const { violations } = await new AxeBuilder({ page: annPage }).include('main').analyze()
    expect(violations.map((v) => v.id)).toEqual([])
  })
})
