import { AxeBuilder } from '@axe-core/playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer } from '../../../sdk/tests/live/server.mjs'
import { message, signedIn, startChromium } from './pages.mjs'
import { zip } from './zip.mjs'

const ORG = '织云'
const AT = 1_600_000_000_000

const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** What Mattermost exports of two people who also have a conversation here. */
function mattermost(ann, bob, hello) {
  const teams = [{ name: 'acme', channels: [{ name: 'dev' }] }]
  const lines = [
    { type: 'version', version: 1 },
    { type: 'emoji', emoji: { name: 'parrot', image: 'parrot' } },
    { type: 'team', team: { name: 'acme', display_name: 'Acme' } },
    { type: 'channel', channel: { team: 'acme', name: 'dev', display_name: '研发 Dev', type: 'O' } },
    { type: 'user', user: { username: 'ann', email: ann, teams } },
    { type: 'user', user: { username: 'bob', email: bob, teams } },
    { type: 'post', post: { team: 'acme', channel: 'dev', user: 'bob', create_at: AT, ...hello } },
    {
      type: 'direct_post',
      direct_post: { channel_members: ['ann', 'bob'], user: 'bob', message: '早先的话', create_at: AT },
    },
  ]
  return Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
}

describe.skipIf(!BIN)('imports in the browser', () => {
  let server, browser, page, org, direct

  beforeAll(async () => {
    server = await LiveServer.start()
    await server.admin(['create-org', ORG])
    const ann = await server.person(ORG, 'Ann', true)
    const bob = await server.person(ORG, 'Bob')
    org = (await ann.api.me.get()).org.id
    const id = (await bob.api.me.get()).principal.id
    direct = (await ann.api.conversations.create({ kind: 'direct', members: [id] })).id
    await ann.api.messages.send(direct, { nonce: crypto.randomUUID(), text: 'said here' })
    browser = await startChromium()
    page = await signedIn(browser, server, 'Ann')
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  afterEach(() => expect(page.faults.splice(0)).toEqual([]))

  const choose = async (hello) => {
    await page.getByLabel('Where from').selectOption({ label: 'Mattermost' })
    const buffer = mattermost('ann@weft.test', 'bob@weft.test', hello)
    const entries = { 'import.jsonl': buffer, 'data/20200913/photo.png': PICTURE }
    const file = { name: 'export.zip', mimeType: 'application/zip', buffer: zip(entries) }
    await page.locator('input[type=file]').setInputFiles(file)
  }
  const open = async (name) => {
    await page.goto(`${server.base}/o/${org}`)
    await page.getByRole('navigation').getByRole('link', { name }).click()
  }
  const latest = () => page.getByRole('article').first()

  it('tries a Mattermost export, then imports it', async () => {
    await page.goto(`${server.base}/o/${org}/admin/imports`)
    await choose({ message: 'hello @ann', attachments: [{ path: '20200913/photo.png' }] })
    await page.getByRole('button', { name: 'Start trial run' }).click()
    await latest().getByText('What would come in').waitFor()
    await latest().getByText('Custom emoji').waitFor()
    await latest().getByText('Mattermost').waitFor()
    const { violations } = await new AxeBuilder({ page }).include('main').analyze()
    expect(violations.map((v) => v.id)).toEqual([])
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await latest().getByText('What came in').waitFor()
    await open('研发 Dev')
    await message(page, 'hello').waitFor()
    await page.getByRole('button', { name: 'Open photo.png' }).click()
    await page.getByRole('dialog', { name: 'photo.png' }).waitFor()
    await page.keyboard.press('Escape')
  })

  it('leads from the present conversation to what was said earlier', async () => {
    await page.goto(`${server.base}/o/${org}/c/${direct}`)
    await message(page, 'said here').waitFor()
    await page.getByRole('button', { name: 'Open them' }).click()
    await message(page, '早先的话').waitFor()
    await page.getByText('This conversation is archived').waitFor()
  })

  it('shows what a newer export changed of what the client holds already', async () => {
    await page.goto(`${server.base}/o/${org}/admin/imports`)
    const attachments = [{ path: '20200913/photo.png' }]
    await choose({ message: 'hello again', edit_at: AT + 60_000, attachments })
    await page.getByLabel('Trial run').uncheck()
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await latest().getByText('Edited', { exact: true }).waitFor()
    await open('研发 Dev')
    await message(page, 'hello again').waitFor()
    // What was said otherwise keeps its files.
    await page.getByRole('button', { name: 'Open photo.png' }).waitFor()
  })
})
