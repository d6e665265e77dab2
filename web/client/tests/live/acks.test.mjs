import AxeBuilder from '@axe-core/playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer } from '../../../sdk/tests/live/server.mjs'
import { composer, message, say, signedIn, startChromium } from './pages.mjs'

const ORG = '织云'

describe.skipIf(!BIN)('confirmations in the browser', () => {
  let server, browser, ann, bob, cem, org, room, annPage, bobPage

  beforeAll(async () => {
    server = await LiveServer.start()
    await server.admin(['create-org', ORG])
    ann = await server.person(ORG, 'Ann', true)
    bob = await server.person(ORG, 'Bob')
    cem = await server.person(ORG, 'Cem')
    org = (await ann.api.me.get()).org.id
    const ids = await Promise.all([bob, cem].map(async (who) => (await who.api.me.get()).principal.id))
    room = (await ann.api.conversations.create({ kind: 'channel', name: 'room', members: ids })).id
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

  it('asks from the composer, is confirmed, and shows who has not', async () => {
    await open(annPage)
    await open(bobPage)
    await annPage.getByRole('button', { name: 'Ask for confirmation' }).click()
    const dialog = annPage.getByRole('dialog', { name: 'Ask for confirmation' })
    await dialog.getByLabel('By').selectOption('inDay')
    await dialog.getByRole('button', { name: 'Ask', exact: true }).click()
    await annPage.getByText('Will ask everyone to confirm').waitFor()
    await say(annPage, '请阅读新的值班表')
    await annPage.getByText('Will ask everyone to confirm').waitFor({ state: 'detached' })
    await message(annPage, '值班表').getByRole('button', { name: '0 of 2 confirmed' }).waitFor()

    await bobPage.getByRole('link', { name: 'To confirm' }).waitFor()
    await message(bobPage, '值班表').getByRole('button', { name: 'Confirm', exact: true }).click()
    await message(bobPage, '值班表').getByText('You have confirmed').waitFor()
    await bobPage.getByRole('link', { name: 'To confirm' }).waitFor({ state: 'detached' })

    await message(annPage, '值班表').getByRole('button', { name: '1 of 2 confirmed' }).click()
    const who = annPage.getByRole('dialog', { name: 'Who has confirmed' })
    await who.getByRole('tab', { name: 'Waiting 1', selected: true }).waitFor()
    await who.getByText('Cem').waitFor()
    const { violations } = await new AxeBuilder({ page: annPage }).include('[role=dialog]').analyze()
    expect(violations.map((v) => v.id)).toEqual([])
    await annPage.keyboard.press('ArrowRight')
    await who.getByRole('tab', { name: 'Confirmed 1', selected: true }).waitFor()
    await who.getByText('Bob').waitFor()

    await message(bobPage, '值班表').getByRole('button', { name: 'Mark as done' }).click()
    await message(bobPage, '值班表').getByText('You have marked it as done').waitFor()
    await message(annPage, '值班表').getByText('1 of 2 confirmed, 1 done').waitFor()
  })

  it('reminds who has not answered, and keeps what waits on a page of its own', async () => {
    const body = { nonce: crypto.randomUUID(), text: 'second request', ack: {} }
    const asked = await ann.api.messages.send(room, body)
    await bobPage.getByRole('link', { name: /To confirm/ }).click()
    await bobPage.getByText('second request').waitFor()
    await ann.api.messages.remind(asked.id)
    await bobPage.getByText('Ann asks you again to confirm a message').waitFor()
    const { violations } = await new AxeBuilder({ page: bobPage }).include('main').analyze()
    expect(violations.map((v) => v.id)).toEqual([])
    await bobPage.getByRole('button', { name: 'Confirm', exact: true }).click()
    await bobPage.getByText('Nothing waits for you').waitFor()
    const page = await ann.api.messages.acks(asked.id, { state: 'acknowledged' })
    expect(page.items.map((person) => person.id)).toEqual([(await bob.api.me.get()).principal.id])
  })

  it('asks only those mentioned, and says so when nobody is', async () => {
    await open(annPage)
    await annPage.getByRole('button', { name: 'Ask for confirmation' }).click()
    await annPage.getByText('Only those mentioned').click()
    await annPage.getByRole('dialog').getByRole('button', { name: 'Ask', exact: true }).click()
    await say(annPage, 'for nobody')
    await annPage.getByText('Mention at least one person').waitFor()
    await composer(annPage).fill('')
    await composer(annPage).pressSequentially('@ce')
    await annPage.getByRole('option', { name: 'Cem' }).waitFor()
    await annPage.keyboard.press('Enter')
    await annPage.keyboard.type('only you')
    await annPage.keyboard.press('Enter')
    await message(annPage, 'only you').getByText('Asks one person to confirm').waitFor()
    await message(annPage, 'only you').getByRole('button', { name: '0 of 1 confirmed' }).waitFor()
    expect((await bob.api.messages.waiting()).items.map((m) => m.content.parts[0].text)).not.toContain(
      'only you',
    )
  })
})
