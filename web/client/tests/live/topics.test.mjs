import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer } from '../../../sdk/tests/live/server.mjs'
import { composer, message, say, signedIn, startChromium, violations } from './pages.mjs'

const ORG = '织云'
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

describe.skipIf(!BIN)('topics in the browser', () => {
  let server, browser, ann, bob, org, room, annPage, bobPage, phone

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
    for (const page of [annPage, bobPage, phone]) if (page) expect(page.faults.splice(0)).toEqual([])
  })

  const post = (who, text, more = {}) =>
    who.api.messages.send(room, { nonce: crypto.randomUUID(), text, ...more })
  const open = async (page) => {
    await page.goto(`${server.base}/o/${org}/c/${room}`)
    await composer(page).waitFor()
  }
  const view = (page, name) => page.getByRole('group', { name: 'How this is read' }).getByText(name)
  const list = (page) => page.getByRole('navigation', { name: 'Topics' })

  it('gives a message a topic from the composer, and groups by it', async () => {
    await open(annPage)
    await open(bobPage)
    await annPage.getByRole('button', { name: 'Choose a topic' }).click()
    const field = annPage.getByRole('combobox', { name: 'Find or name a topic' })
    await field.fill('Release')
    await annPage.getByRole('option', { name: 'New topic “Release”' }).waitFor()
    expect(await violations(annPage)).toEqual([])
    await field.press('Enter')
    await say(annPage, 'it ships on Friday')
    await bobPage.getByRole('button', { name: 'Release' }).waitFor()
    await annPage.getByRole('button', { name: 'Without a topic' }).click()
    await say(annPage, 'lunch?')
    await bobPage.getByText('No topic').waitFor()
    await message(bobPage, 'lunch?').waitFor()
  })

  it('is read by topic: unread ones stand out, and what is written goes there', async () => {
    await post(bob, 'budget question', { topic: 'Budget' })
    await annPage.keyboard.press('Alt+Shift+Digit3')
    await list(annPage)
      .getByRole('button', { name: /Budget/ })
      .click()
    await message(annPage, 'budget question').waitFor()
    expect(await annPage.getByText('it ships on Friday').count()).toBe(0)
    expect(await violations(annPage)).toEqual([])
    await say(annPage, 'ten thousand')
    await post(bob, 'shipped', { topic: 'release' })
    await list(annPage)
      .getByRole('button', { name: /Release.*1 unread/ })
      .waitFor()
    await list(annPage)
      .getByRole('button', { name: /Release/ })
      .click()
    await message(annPage, 'shipped').waitFor()
    await list(annPage)
      .getByRole('button', { name: /1 unread/ })
      .waitFor({ state: 'detached' })
    const budget = (await ann.api.get(`/conversations/${room}/topics`, { q: 'budget' })).items[0]
    expect(budget.count).toBe(2)

    // The choice is remembered, for this conversation and on other devices.
    await annPage.goto(`${server.base}/o/${org}/c/${room}`)
    await list(annPage).waitFor()
  })

  it('renames, resolves and moves, live for everybody', async () => {
    await list(annPage)
      .getByRole('button', { name: /Budget/ })
      .click()
    await annPage.getByRole('button', { name: 'Topic actions' }).click()
    await annPage.getByRole('menuitem', { name: 'Rename' }).click()
    await annPage.getByRole('dialog').getByLabel('Name').fill('Money')
    await annPage.getByRole('button', { name: 'Save' }).click()
    await bobPage.getByRole('button', { name: 'Money' }).first().waitFor()
    await message(annPage, 'ten thousand').hover()
    await message(annPage, 'ten thousand').getByRole('button', { name: 'More', exact: true }).click()
    await annPage.getByRole('menuitem', { name: 'Move to a topic' }).click()
    await annPage.getByRole('dialog').getByRole('option', { name: 'Release' }).click()
    await annPage.getByText('Moved to “Release”').waitFor()
    await message(annPage, 'ten thousand').waitFor({ state: 'detached' })
    await annPage.getByRole('button', { name: 'Topic actions' }).click()
    await annPage.getByRole('menuitem', { name: 'Mark as resolved' }).click()
    await annPage.locator('header').getByText('Resolved', { exact: true }).waitFor()
  })

  it('shows threads with their last replies, the liveliest first', async () => {
    const root = await post(bob, 'who is on call?')
    for (let i = 1; i <= 4; i++) await post(ann, `answer ${i}`, { thread: root.id })
    await view(annPage, 'Threads').click()
    const threads = annPage.getByRole('region', { name: 'Threads' })
    await threads.getByText('answer 4').waitFor()
    await threads.getByText('1 earlier reply').waitFor()
    await post(bob, 'something new')
    await threads.getByText('something new').waitFor()
    expect(await threads.locator('> article').first().innerText()).toContain('something new')
    await post(bob, 'answer 5', { thread: root.id })
    await threads.getByText('answer 5').waitFor()
    expect(await threads.locator('> article').first().innerText()).toContain('who is on call?')
    expect(await violations(annPage)).toEqual([])
    await view(annPage, 'Chat').click()
    await message(annPage, 'something new').waitFor()
  })

  it('fits a phone: list, then the topic, and back', async () => {
    phone = await signedIn(browser, server, 'Bob', PHONE)
    await phone.goto(`${server.base}/o/${org}/c/${room}`)
    await phone.getByRole('button', { name: 'More, Chat' }).tap()
    await phone.getByRole('menuitemradio', { name: 'Topics' }).tap()
    await list(phone).waitFor()
    expect(await violations(phone)).toEqual([])
    await list(phone)
      .getByRole('button', { name: /Release/ })
      .tap()
    await message(phone, 'it ships on Friday').waitFor()
    await phone.getByRole('button', { name: 'All topics' }).tap()
    await list(phone).waitFor()
    await list(phone).getByRole('button', { name: 'New topic' }).tap()
    await phone.getByLabel('Name').fill('From the train')
    await phone.getByRole('button', { name: 'Start' }).tap()
    await composer(phone).fill('hello from the train')
    await phone.getByRole('button', { name: 'Send', exact: true }).tap()
    await message(phone, 'hello from the train').waitFor()
    expect(new URL(phone.url()).searchParams.get('topic')).toMatch(/^top_/)
  })
})
