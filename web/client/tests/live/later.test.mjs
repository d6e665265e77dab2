import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer } from '../../../sdk/tests/live/server.mjs'
import {
  composer,
  message,
  richComposer,
  say,
  signedIn,
  startChromium,
  violations,
  written,
} from './pages.mjs'

const ORG = '织云'

describe.skipIf(!BIN)('later, in the browser', { timeout: 60_000 }, () => {
  let server, browser, ann, bob, org, room, page, second

  beforeAll(async () => {
    server = await LiveServer.start()
    await server.admin(['create-org', ORG])
    ann = await server.person(ORG, 'Ann', true)
    bob = await server.person(ORG, 'Bob')
    org = (await ann.api.me.get()).org.id
    const members = [(await bob.api.me.get()).principal.id]
    room = (await ann.api.conversations.create({ kind: 'channel', name: 'room', members })).id
    browser = await startChromium()
    page = await signedIn(browser, server, 'Ann')
    second = await page.context().newPage()
    second.setDefaultTimeout(12_000)
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  afterEach(() => expect(page.faults.splice(0)).toEqual([]))

  const open = async (on = page) => {
    await on.goto(`${server.base}/o/${org}/c/${room}`)
    await composer(on).waitFor()
  }
  const scheduled = async () => (await ann.api.get('/scheduled')).items

  it('schedules a message, shows it in both tabs, changes it and sends it', async () => {
    await open()
    await open(second)
    await composer(page).fill('see you tomorrow')
    await page.getByRole('button', { name: 'Send later' }).click()
    await page.getByRole('menuitem', { name: /Tomorrow morning/ }).click()
    await page.getByText(/1 message will be sent: Tomorrow 09:00/).waitFor()
    await second.getByText(/1 message will be sent: Tomorrow 09:00/).waitFor()
    expect(await written(composer(page))).toBe('')
    await page.getByRole('link', { name: 'Scheduled' }).first().click()
    const row = page.locator('[data-scheduled]')
    await row.getByText('see you tomorrow').waitFor()
    expect(await violations(page)).toEqual([])
    await row.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Edit' }).click()
    await page.getByLabel('Message', { exact: true }).fill('see you on Monday')
    await page.getByRole('button', { name: 'Save' }).click()
    await row.getByText('see you on Monday').waitFor()
    await row.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Change the time' }).click()
    await page.getByLabel('In words').fill('next Monday at 10am')
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Schedule' }).click()
    await row.getByText(/10:00/).waitFor()
    await row.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Send now' }).click()
    await row.waitFor({ state: 'detached' })
    await message(second, 'see you on Monday').waitFor()
    await second.getByText(/will be sent/).waitFor({ state: 'detached' })
    expect(await scheduled()).toEqual([])
  })

  it('schedules by keyboard and at a time of one’s own, and gives up', async () => {
    await open()
    await composer(page).fill('by keyboard')
    await page.keyboard.press('Control+Shift+Enter')
    await page.getByRole('menu', { name: 'Send later' }).waitFor()
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Send later' })
    await dialog.getByLabel('In words').fill('yesterday')
    await dialog.getByText('This is not understood').waitFor()
    await dialog.getByLabel('In words').fill('30分钟后')
    await page.keyboard.press('Enter')
    await page.getByText(/1 message will be sent/).waitFor()
    const [item] = await scheduled()
    expect(item.message.text).toBe('by keyboard')
    await ann.api.delete(`/scheduled/${item.id}`)
    await page.getByText(/1 message will be sent/).waitFor({ state: 'detached' })
  })

  it('keeps a message for later, reminds of it, and is done with it', async () => {
    const sent = await bob.api.messages.send(room, { nonce: crypto.randomUUID(), text: 'read this' })
    await open()
    await message(page, 'read this').focus()
    await page.keyboard.press('s')
    await page.getByText('Saved for later').waitFor()
    await page.getByRole('link', { name: 'Later' }).click()
    const row = page.locator('[data-saved]').filter({ hasText: 'read this' })
    await row.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Add note' }).click()
    await page.getByRole('textbox', { name: 'Note' }).fill('ask Bob')
    await page.getByRole('button', { name: 'Save' }).click()
    await row.getByText('ask Bob').waitFor()
    expect(await violations(page)).toEqual([])
    await second.goto(`${server.base}/o/${org}/later`)
    await second.getByText('ask Bob').waitFor()
    const mark = (await ann.api.get('/saved/marks')).items.find((each) => each.message === sent.id)
    await ann.api.patch(`/saved/${mark.id}`, { remind: { at: Date.now() * 1000 + 800_000 } })
    await page.getByText('Reminder: ask Bob').waitFor()
    await page.getByRole('link', { name: /Later.*1 reminder is due/ }).waitFor()
    await second.getByText('Reminder: ask Bob').waitFor()
    await row.getByText(/^Due/).waitFor()
    await row.getByRole('button', { name: 'Mark as done' }).click()
    await row.waitFor({ state: 'detached' })
    await second.locator('[data-saved]').waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Done', exact: true }).click()
    await row.waitFor()
  })

  it('offers commands in both editors, carries them out, and asks about unknown ones', async () => {
    await open()
    const box = await richComposer(page)
    await box.click()
    await page.keyboard.type('/to')
    await page.getByRole('option', { name: /\/topic/ }).waitFor()
    await page.keyboard.press('Enter')
    await page.keyboard.type('Release 2')
    await page.keyboard.press('Enter')
    await page.getByText('Topic changed').waitFor()
    expect((await ann.api.conversations.get(room)).topic).toBe('Release 2')
    await page.keyboard.type('/shrug well')
    await page.keyboard.press('Enter')
    await message(page, 'well ¯\\_(ツ)_/¯').waitFor()
    await page.keyboard.type('/nonsense x')
    await page.keyboard.press('Enter')
    await page.getByText('There is no command /nonsense').waitFor()
    await page.keyboard.press('Enter')
    await message(page, '/nonsense x').waitFor()
    await say(page, '//topic stays')
    await message(page, '/topic stays').waitFor()
    await say(page, '/usr/bin/env is a path')
    await message(page, '/usr/bin/env is a path').waitFor()
    await page.keyboard.type('/remind me water the plants in 20 minutes')
    await page.keyboard.press('Enter')
    await page.getByText(/You will be reminded/).waitFor()
    expect((await ann.api.get('/saved')).items[0].note).toBe('water the plants')
    await page.keyboard.type('/dnd for 2 hours')
    await page.keyboard.press('Enter')
    await page.getByText(/Notifications are paused until/).waitFor()
    expect((await ann.api.me.get()).principal.dnd.until).toBeGreaterThan(Date.now() * 1000)
    await page.keyboard.type('/dnd off')
    await page.keyboard.press('Enter')
    await page.getByText('Notifications are on again').waitFor()
    await page.keyboard.type('/poll Lunch? Noodles, Rice')
    await page.keyboard.press('Enter')
    const poll = page.getByRole('dialog', { name: 'New poll' })
    expect(await poll.getByLabel('Question').inputValue()).toBe('Lunch?')
    await poll.getByRole('button', { name: 'Post poll' }).click()
    await message(page, 'Lunch?').getByRole('button', { name: 'Rice: 0 votes, 0 %' }).waitFor()
    await box.click()
    await ann.api.me.updateSettings({ 'composer.markdown': true })
    await page.locator('section textarea').last().waitFor()
    await page.locator('section textarea').last().fill('')
    await page.locator('section textarea').last().pressSequentially('/提醒 我 明天上午9点 交报告')
    await page.keyboard.press('Enter')
    await page.getByText(/You will be reminded: Tomorrow 09:00/).waitFor()
    expect((await ann.api.get('/saved')).items[0].note).toBe('交报告')
    await ann.api.me.updateSettings({ 'composer.markdown': null })
  })

  it('puts a conversation away, which returns with the next message, and snoozes it', async () => {
    const quiet = await ann.api.conversations.create({
      kind: 'channel',
      name: 'quiet',
      members: [(await bob.api.me.get()).principal.id],
    })
    await open()
    const row = page.getByRole('navigation', { name: 'Conversations' }).getByRole('link', { name: 'quiet' })
    await row.focus()
    await page.keyboard.press('e')
    await page.getByText('“quiet” is put away').waitFor()
    await row.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await row.waitFor()
    await row.focus()
    await page.keyboard.press('e')
    await row.waitFor({ state: 'detached' })
    await bob.api.messages.send(quiet.id, { nonce: crypto.randomUUID(), text: 'back again' })
    await row.waitFor()
    await row.click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Snooze until' }).click()
    await page.getByRole('menuitem', { name: /In 1 hour/ }).click()
    await row.waitFor({ state: 'detached' })
    await page.goto(`${server.base}/o/${org}/later/away`)
    await page.getByText(/^Returns/).waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Bring back' }).click()
    await row.waitFor()
  })
})
