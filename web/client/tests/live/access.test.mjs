import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer, until } from '../../../sdk/tests/live/server.mjs'
import { composer, message, say, signedIn, startChromium, violations } from './pages.mjs'

const ORG = 'Acme'

describe.skipIf(!BIN).each(['light', 'dark'])('what everybody can use, in %s', (colorScheme) => {
  let server, browser, ann, bob, org, page

  beforeAll(async () => {
    server = await LiveServer.start()
    browser = await startChromium()
    page = await visitor()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  afterEach(() => expect(page.faults.splice(0)).toEqual([]))

  const options = { locale: 'en-US', colorScheme }
  /** A page on which nobody is signed in. */
  const visitor = async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
    const made = await context.newPage()
    made.setDefaultTimeout(12_000)
    made.faults = []
    made.on('pageerror', (error) => made.faults.push(String(error)))
    return made
  }
  const heading = (name) => page.getByRole('heading', { name }).first().waitFor()
  const click = (role, name) => page.getByRole(role, { name }).first().click()
  const dialog = async (name) => {
    await page.getByRole('dialog', { name }).waitFor()
    expect(await violations(page), String(name)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name }).waitFor({ state: 'detached' })
  }

  it('setting up', async () => {
    const link = await until(() => server.log.match(/\/setup\?token=\w+/)?.[0], 'the link')
    await page.goto(server.base + link)
    await page.getByRole('button', { name: 'Create organisation' }).waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('signing in, and a password that was forgotten', async () => {
    await server.admin(['create-org', ORG])
    ann = await server.person(ORG, 'Ann', true)
    bob = await server.person(ORG, 'Bob')
    org = (await ann.api.me.get()).org.id
    await page.goto(`${server.base}/sign-in`)
    await page.getByRole('textbox', { name: 'Password' }).fill('wrong')
    await page.getByRole('textbox', { name: 'E-mail' }).fill('ann@weft.test')
    await click('button', 'Sign in')
    await page.getByRole('alert').waitFor()
    expect(await violations(page)).toEqual([])
    await click('link', 'Forgot your password?')
    await heading('Reset your password')
    expect(await violations(page)).toEqual([])
    await page.getByRole('textbox', { name: 'E-mail' }).fill('nobody@weft.test')
    await click('button', 'Send link')
    await heading('Check your mail')
    expect(await violations(page)).toEqual([])
    await page.goto(`${server.base}/reset/a-token`)
    await heading('Set a new password')
    expect(await violations(page)).toEqual([])
  })

  it('an invitation, good or spent', async () => {
    const { url } = await ann.api.invitations.create({ role: 'member' })
    await page.goto(server.base + new URL(url).pathname)
    await page.getByRole('textbox', { name: 'Your name' }).waitFor()
    expect(await violations(page)).toEqual([])
    await page.goto(`${server.base}/invite/spent`)
    await page.getByRole('heading').first().waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('the dialogs', async () => {
    page = await signedIn(browser, server, 'Ann', options)
    const room = await ann.api.conversations.create({ kind: 'channel', name: 'room' })
    await page.goto(`${server.base}/o/${org}/c/${room.id}`)
    await composer(page).waitFor()
    await page.getByRole('navigation').getByRole('button', { name: 'Add a channel' }).click()
    await click('menuitem', 'Create a channel')
    await dialog('Create a channel')
    await click('button', 'Add people')
    await dialog(/^Add people to/)
    await click('button', 'Ann: status and settings')
    await click('menuitem', 'Set a status')
    await dialog('Set a status')
    await say(page, 'first words')
    const sent = await until(async () => {
      const { items } = await ann.api.messages.page(room.id, {})
      return items.find((each) => each.n !== null)
    }, 'the message')
    await ann.api.messages.edit(sent.id, 'better words')
    await message(page, 'better words').getByRole('button', { name: '(edited)' }).click()
    await dialog('Edit history')
    await message(page, 'better words').hover()
    await message(page, 'better words').getByRole('button', { name: 'Forward' }).click()
    await dialog('Forward message')
  })

  it('a list of people with nobody in it, and with a message that was not sent', async () => {
    await page.getByRole('button', { name: 'Write to someone' }).waitFor()
    expect(await violations(page)).toEqual([])
    await click('button', 'Write to someone')
    await dialog('New message')
    // The server refuses what is written to Bob.
    await page.routeWebSocket(/gateway/, (socket) => {
      const up = socket.connectToServer()
      socket.onMessage((text) => {
        const frame = JSON.parse(text)
        if (frame.t !== 'send') return up.send(text)
        const problem = { code: 'forbidden', status: 403, title: 'No', detail: 'No.' }
        socket.send(JSON.stringify({ t: 'nack', id: frame.id, problem }))
      })
    })
    const them = (await bob.api.me.get()).principal.id
    const direct = await ann.api.conversations.create({ kind: 'direct', members: [them] })
    await page.goto(`${server.base}/o/${org}/c/${direct.id}`)
    await composer(page).waitFor()
    await say(page, 'not to be')
    const row = page.getByRole('navigation').getByRole('link', { name: 'Bob' })
    await row.getByLabel('A message was not sent').waitFor()
    expect(await violations(page)).toEqual([])
    // Its mark goes with it.
    await message(page, 'not to be').getByRole('button', { name: 'Discard' }).click()
    await row.getByLabel('A message was not sent').waitFor({ state: 'detached' })
  })
})
