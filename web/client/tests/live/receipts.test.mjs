import AxeBuilder from '@axe-core/playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer, until } from '../../../sdk/tests/live/server.mjs'
import { composer, message, signedIn, startChromium } from './pages.mjs'

const ORG = '织云'

describe.skipIf(!BIN)('read receipts in the browser', () => {
  let server, browser, ann, bob, cem, org, room, direct, page

  beforeAll(async () => {
    server = await LiveServer.start()
    await server.admin(['create-org', ORG])
    ann = await server.person(ORG, 'Ann', true)
    bob = await server.person(ORG, 'Bob')
    cem = await server.person(ORG, 'Cem')
    const me = await ann.api.me.get()
    org = me.org.id
    const ids = await Promise.all([bob, cem].map(async (who) => (await who.api.me.get()).principal.id))
    ;[bob.id, cem.id] = ids
    room = (await ann.api.conversations.create({ kind: 'channel', name: 'room', members: ids })).id
    direct = (await ann.api.conversations.create({ kind: 'direct', members: [bob.id] })).id
    browser = await startChromium()
    page = await signedIn(browser, server, 'Ann')
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  afterEach(() => expect(page.faults.splice(0)).toEqual([]))

  const open = async (id) => {
    await page.goto(`${server.base}/o/${org}/c/${id}`)
    await composer(page).waitFor()
  }
  const post = (who, id, text, more = {}) =>
    who.api.messages.send(id, { nonce: crypto.randomUUID(), text, ...more })
  const mark = (words, label) => message(page, words).getByRole('button', { name: label, exact: true })

  it('fills the ring as people read, up to the tick', async () => {
    const sent = await post(ann, room, `<@${bob.id}> 请看`)
    await open(room)
    await mark('请看', 'Read by 0 of 2').waitFor()
    await message(page, '请看').getByText('has not read it yet').waitFor({ state: 'attached' })
    await bob.api.conversations.read(room, sent.seq)
    await mark('请看', 'Read by 1 of 2').waitFor()
    await message(page, '请看').getByText('has read it', { exact: true }).waitFor({ state: 'attached' })
    await cem.api.conversations.read(room, sent.seq)
    await mark('请看', 'Read by all 2').waitFor()
  })

  it('lists who has read and who has not, by keyboard', async () => {
    const sent = await post(ann, room, 'who is there')
    await bob.api.conversations.read(room, sent.seq)
    await mark('who is there', 'Read by 1 of 2').waitFor()
    await message(page, 'who is there').focus()
    await mark('who is there', 'Read by 1 of 2').focus()
    await page.keyboard.press('Enter')
    const lists = page.getByRole('dialog', { name: 'Who has read it' })
    await lists.getByRole('tab', { name: 'Unread 1', selected: true }).waitFor()
    await lists.getByText('Cem').waitFor()
    const { violations } = await new AxeBuilder({ page }).include('[role=dialog]').analyze()
    expect(violations.map((v) => v.id)).toEqual([])
    await page.keyboard.press('ArrowLeft')
    await lists.getByRole('tab', { name: 'Read 1', selected: true }).waitFor()
    await lists.getByText('Bob').waitFor()
    await page.keyboard.press('Escape')
    await lists.waitFor({ state: 'detached' })
  })

  it('shows ticks between two people', async () => {
    const sent = await post(ann, direct, 'just us')
    await open(direct)
    await message(page, 'just us').getByRole('img', { name: 'Sent, not read yet' }).waitFor()
    await bob.api.conversations.read(direct, sent.seq)
    await message(page, 'just us').getByRole('img', { name: 'Read', exact: true }).waitFor()
  })

  it('counts readers of a reply in its thread', async () => {
    const root = await post(ann, room, 'the root')
    const reply = await post(ann, room, 'the reply', { thread: root.id })
    await page.goto(`${server.base}/o/${org}/c/${room}`)
    await message(page, 'the root').locator('button', { hasText: '1' }).last().click()
    const row = page.locator('aside article').filter({ hasText: 'the reply' })
    await row.getByRole('button', { name: 'Read by 0 of 2' }).waitFor()
    await cem.api.threads.read(root.id, reply.seq)
    await row.getByRole('button', { name: 'Read by 1 of 2' }).waitFor()
  })

  it('tells only counts, or nothing, where the org decides so', async () => {
    const sent = await post(ann, room, `<@${bob.id}> quietly`)
    await page.goto(`${server.base}/o/${org}/admin/org`)
    await page.getByText('Only how many', { exact: true }).click()
    await page.getByText('Saved').first().waitFor()
    // The server takes the new policy up within two seconds.
    await until(async () => !(await ann.api.messages.receipts(sent.id)).names, 'the policy')
    await open(room)
    const lists = page.getByRole('dialog', { name: 'Who has read it' })
    await mark('quietly', 'Read by 0 of 2').click()
    await lists.getByText('shows only how many').waitFor()
    await ann.api.org.update({ receipts: { mode: 'off', list_limit: 200 } })
    await mark('quietly', 'Read by 0 of 2').waitFor({ state: 'detached' })
    await ann.api.org.update({ receipts: { mode: 'on', list_limit: 200 } })
  })
})
