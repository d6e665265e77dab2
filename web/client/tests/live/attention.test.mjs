import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer } from '../../../sdk/tests/live/server.mjs'
import { composer, message, signedIn, startChromium, violations } from './pages.mjs'

const ORG = '织云'
const nonce = () => crypto.randomUUID()

describe.skipIf(!BIN)('what calls one, in the browser', () => {
  let server, browser, ann, bob, org, room, direct, annId, bobId, page, other

  beforeAll(async () => {
    server = await LiveServer.start()
    await server.admin(['create-org', ORG])
    ann = await server.person(ORG, 'Ann', true)
    bob = await server.person(ORG, 'Bob')
    const me = await ann.api.me.get()
    org = me.org.id
    annId = me.principal.id
    bobId = (await bob.api.me.get()).principal.id
    room = (await ann.api.conversations.create({ kind: 'channel', name: 'room', members: [bobId] })).id
    direct = (await ann.api.conversations.create({ kind: 'direct', members: [bobId] })).id
    browser = await startChromium()
    page = await signedIn(browser, server, 'Ann', { permissions: ['notifications'] })
    other = await signedIn(browser, server, 'Bob')
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  afterEach(() => {
    for (const each of [page, other]) expect(each.faults.splice(0)).toEqual([])
  })

  const at = (path) => `${server.base}/o/${org}${path}`
  const say = (who, where, text) => who.api.messages.send(where, { nonce: nonce(), text })
  const badge = (name) => page.getByRole('link', { name })

  it('has a bell for each conversation, shown in the list', async () => {
    await page.goto(at(`/c/${room}`))
    await page.getByRole('button', { name: 'Notifications: All messages' }).click()
    await page
      .getByRole('menuitemradio', { name: /Mentions only/ })
      .first()
      .waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole('menuitemradio', { name: /^Nothing/ }).click()
    await page.getByRole('navigation', { name: 'Conversations' }).getByLabel('Muted').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Notifications: All messages' }).waitFor()
    await page.getByRole('button', { name: 'Details' }).click()
    await page.getByLabel('Notifications', { exact: true }).selectOption('mentions')
    await page.getByRole('navigation', { name: 'Conversations' }).getByLabel('Mentions only').waitFor()
    expect((await ann.api.conversations.get(room)).me.level).toBe('mentions')
  })

  it('keeps keywords', async () => {
    await page.goto(at('/settings/notifications'))
    await page.getByLabel('Keywords').fill('发布计划')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('button', { name: 'Remove “发布计划”' }).waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('collects what calls, live, by keys', async () => {
    await page.goto(at('/inbox'))
    await page.getByText('Nothing calls you').waitFor()
    const alerted = await say(bob, room, '新的发布计划在这里')
    await say(bob, room, `<@${annId}> please look`)
    await page.getByText('“发布计划”').waitFor()
    await page.getByText('mentioned you').waitFor()
    await badge(/Mentions.*2 unread/).waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('j')
    await page.keyboard.press('e')
    await badge(/Mentions.*1 unread/).waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/c/${room}/${alerted.seq}`)
    await message(page, '发布计划').waitFor()
    await badge(/Mentions.*unread/).waitFor({ state: 'detached' })
  }, 60_000)

  it('pauses notifications, with a moon for others', async () => {
    await page.goto(at(`/c/${direct}`))
    await other.goto(at(`/c/${direct}`))
    await page.getByRole('button', { name: /^Ann/ }).click()
    await page.getByRole('menuitem', { name: 'Pause notifications' }).click()
    await page.getByRole('dialog').getByText('Nothing pops up').waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'For 1 hour' }).click()
    await other.getByRole('img', { name: 'Do not disturb' }).first().waitFor()
    await page.getByRole('button', { name: /^Ann/ }).click()
    await page.getByRole('menuitem', { name: 'Pause notifications' }).click()
    await page.getByRole('button', { name: 'Resume notifications' }).click()
    await other.getByRole('img', { name: 'Do not disturb' }).first().waitFor({ state: 'detached' })
  })

  it('answers for who is on leave, once', async () => {
    await other.getByRole('button', { name: /^Bob/ }).click()
    await other.getByRole('menuitem', { name: 'Set a status' }).click()
    await other.getByLabel('I am on leave').check()
    await other.getByLabel('Automatic reply').fill('Ask Cem')
    await other.getByRole('button', { name: 'Save' }).click()
    await other.getByRole('dialog').waitFor({ state: 'detached' })
    await page.goto(at(`/c/${direct}`))
    await composer(page).fill('hello')
    await page.keyboard.press('Enter')
    await page.getByText('Ask Cem').waitFor()
    await page.getByRole('button', { name: 'Hide' }).click()
    await page.getByText('Ask Cem').waitFor({ state: 'detached' })
    await bob.api.me.update({ status: null })
  })

  it('goes through what is unread, the most important first, and back', async () => {
    // Away from the conversations: what is on the screen is read.
    await page.goto(at('/inbox'))
    await page.getByRole('heading', { level: 1 }).waitFor()
    await say(bob, direct, 'in private')
    await say(bob, room, 'in the room')
    await say(bob, room, `<@${annId}> in the room`)
    await page.goto(at('/catchup'))
    await page.getByText('2 conversations left').waitFor()
    const card = (name) => page.locator('article').filter({ has: page.getByRole('heading', { name }) })
    await card('room').getByText('in the room').first().waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('e')
    await card('Bob').getByText('in private').waitFor()
    await page.keyboard.press('z')
    await card('room').waitFor()
    await page.keyboard.press('u')
    await card('Bob').waitFor()
    await page.keyboard.press('e')
    await page.getByText('You are through').waitFor()
    await expect.poll(async () => (await ann.api.conversations.get(direct)).me.read_n).toBe(2)
  })

  it('shows a notification, and takes it away once it is read', async () => {
    await ann.api.conversations.setMembership(room, { level: 'all' })
    await page.goto(at('/people'))
    await page.evaluate(() => navigator.serviceWorker.ready)
    const shown = () =>
      page.evaluate(async () => {
        const worker = await navigator.serviceWorker.getRegistration()
        return ((await worker?.getNotifications()) ?? []).map(({ title, body }) => `${title}|${body}`)
      })
    await page.getByRole('heading', { name: 'People' }).first().waitFor()
    await badge(/Mentions/)
      .first()
      .waitFor({ state: 'attached' })
      .catch(() => undefined)
    await expect
      .poll(
        async () => {
          await say(bob, room, 'lunch?')
          return (await shown()).join()
        },
        { timeout: 15_000, interval: 1500 },
      )
      .toContain('Bob: lunch?')
    const head = (await ann.api.conversations.get(room)).head_seq
    await ann.api.conversations.read(room, head)
    await expect.poll(shown).toEqual([])
  })

  it('is at home on a phone and in Chinese', async () => {
    const phone = await signedIn(browser, server, 'Ann', {
      viewport: { width: 390, height: 844 },
      locale: 'zh-CN',
      hasTouch: true,
      colorScheme: 'dark',
    })
    await phone.evaluate(() => localStorage.setItem('weft.locale', 'zh-CN'))
    await say(bob, direct, '在吗')
    for (const [path, words] of [
      ['/inbox', '提及与提醒'],
      ['/catchup', '标为已读'],
      ['/settings/notifications', '勿扰时段'],
    ]) {
      await phone.goto(at(path))
      await phone.getByText(words).first().waitFor()
      expect(await violations(phone)).toEqual([])
      const wide = await phone.evaluate(() => document.documentElement.scrollWidth > innerWidth)
      expect(wide, path).toBe(false)
    }
    expect(phone.faults).toEqual([])
    await phone.context().close()
  })
})
