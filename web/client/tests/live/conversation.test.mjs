import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer, until } from '../../../sdk/tests/live/server.mjs'
import { composer, message, say, sideComposer, signedIn, startChromium, written } from './pages.mjs'

const ORG = '织云'
const HISTORY = 260

describe.skipIf(!BIN)('a conversation in the browser', () => {
  let server, browser, ann, bob, org, room, annPage, bobPage

  beforeAll(async () => {
    server = await LiveServer.start()
    await server.admin(['create-org', ORG])
    ann = await server.person(ORG, 'Ann', true)
    bob = await server.person(ORG, 'Bob')
    const me = await ann.api.me.get()
    org = me.org.id
    bob.id = (await bob.api.me.get()).principal.id
    room = await channel('room')
    browser = await startChromium()
    annPage = await signedIn(browser, server, 'Ann', { locale: 'zh-CN' })
    bobPage = await signedIn(browser, server, 'Bob')
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  afterEach(() => {
    for (const page of [annPage, bobPage]) expect(page.faults.splice(0)).toEqual([])
  })

  const channel = async (name) => {
    const made = await ann.api.conversations.create({ kind: 'channel', name, members: [bob.id] })
    return made.id
  }
  const open = async (page, id, rest = '') => {
    await page.goto(`${server.base}/o/${org}/c/${id}${rest}`)
    await composer(page).waitFor()
  }
  const post = (who, id, text, more = {}) =>
    who.api.messages.send(id, { nonce: crypto.randomUUID(), text, ...more })

  /** Many messages of different heights, oldest first; many at once, so that they are committed in groups. */
  const history = async (id, word) => {
    const sent = []
    for (let i = 0; i < HISTORY; i += 20) {
      const text = (n) => `${word} ${n}${n % 7 ? '' : '\n- a\n- b'}`
      const batch = Array.from({ length: 20 }, (_, k) => post(ann, id, text(i + k)))
      sent.push(...(await Promise.all(batch)))
    }
    return sent.sort((a, b) => a.seq - b.seq)
  }

  it('carries messages, mentions and threads between two people', async () => {
    await open(annPage, room)
    await open(bobPage, room)
    await composer(annPage).pressSequentially('**重要：**请 @bo')
    await annPage.getByRole('option', { name: 'Bob' }).waitFor()
    await annPage.keyboard.press('Enter')
    await annPage.keyboard.type('看一下')
    await annPage.keyboard.press('Enter')
    await message(bobPage, '看一下').waitFor()
    expect(await message(bobPage, '看一下').locator('strong').textContent()).toBe('重要：')
    expect(await message(bobPage, '看一下').getByRole('button', { name: '@Bob' }).count()).toBe(1)

    await message(bobPage, '看一下').focus()
    await bobPage.keyboard.press('t')
    const thread = sideComposer(bobPage)
    await thread.fill('in the thread')
    await bobPage.keyboard.press('Enter')
    await message(annPage, '看一下').locator('button', { hasText: '1' }).last().click()
    await annPage.locator('aside article', { hasText: 'in the thread' }).waitFor()
  })

  it('shows hostile text as text', async () => {
    await post(bob, room, '<img src=x onerror="window.hit=1"> [x](javascript:window.hit=1) end')
    const row = message(annPage, 'end')
    await row.waitFor()
    expect(await row.locator('img, a').count()).toBe(0)
    expect(await annPage.evaluate(() => window.hit)).toBeUndefined()
  })

  it('leaves Enter to an input method that composes', async () => {
    await open(annPage, room)
    const cdp = await annPage.context().newCDPSession(annPage)
    await composer(annPage).focus()
    await cdp.send('Input.imeSetComposition', { text: 'nihao', selectionStart: 5, selectionEnd: 5 })
    await cdp.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      key: 'Process',
      code: 'Enter',
      windowsVirtualKeyCode: 229,
    })
    await cdp.send('Input.insertText', { text: '你好' })
    expect(await written(composer(annPage))).toBe('你好')
    await composer(annPage).fill('')
  })

  it('keeps a draft while the person is elsewhere', async () => {
    const other = await channel('elsewhere')
    await open(annPage, room)
    await composer(annPage).fill('half a thought')
    await annPage.getByRole('link', { name: /elsewhere/ }).click()
    await until(async () => (await written(composer(annPage))) === '', 'the other composer')
    expect(annPage.url()).toContain(other)
    await annPage.goBack()
    await until(async () => (await written(composer(annPage))) === 'half a thought', 'the draft')
    await composer(annPage).fill('')
  })

  it('keeps the reader’s place while history is loaded, and finds the first unread', async () => {
    const long = await channel('long')
    await history(long, 'message')
    await open(bobPage, long)
    await message(bobPage, 'message').waitFor()
    expect(await drift(bobPage)).toBeLessThan(1)
    await bobPage.getByRole('button', { name: 'Jump to first unread' }).click()
    await bobPage.getByText('New messages').waitFor()
    await bobPage
      .locator('article', { hasText: /message \d/ })
      .first()
      .waitFor()
  })

  /** Scrolls to the top, lets a page of history come, and answers how far a message in sight moved, px. */
  const drift = (page) =>
    page.evaluate(async () => {
      const frame = () => new Promise(requestAnimationFrame)
      const feed = document.querySelector('section [data-row]').parentElement.parentElement.parentElement
      const height = feed.scrollHeight
      feed.scrollTop = 0
      await frame()
      await frame()
      const edge = feed.getBoundingClientRect()
      const inside = (row) => row.getBoundingClientRect().top > edge.top + 40
      const row = [...feed.querySelectorAll('[data-message]')].filter(inside)[2]
      const before = row.getBoundingClientRect().top
      const deadline = performance.now() + 5000
      while (feed.scrollHeight === height && performance.now() < deadline) await frame()
      await frame()
      return Math.abs(
        document.querySelector(`[data-message="${row.dataset.message}"]`).getBoundingClientRect().top -
          before,
      )
    })

  it('opens a permalink and lights the message up', async () => {
    const far = await channel('far')
    const sent = await history(far, 'note')
    await open(bobPage, far, `/${sent[20].seq}`)
    await bobPage.locator(`[data-seq="${sent[20].seq}"]`).waitFor()
    await say(bobPage, 'from the past')
    await message(bobPage, 'from the past').waitFor()
    expect(await message(bobPage, 'from the past').isVisible()).toBe(true)
  })

  it('sends what was written without a network once it is back, once', async () => {
    await open(bobPage, room)
    await bobPage.context().setOffline(true)
    await say(bobPage, 'written offline')
    await message(bobPage, 'written offline').waitFor()
    await bobPage.context().setOffline(false)
    const sent = async () => {
      const page = await ann.api.messages.page(room, { limit: 50 })
      return page.items.filter((m) => m.content.parts.some((p) => p.text === 'written offline')).length
    }
    await until(async () => (await sent()) > 0, 'the message', 20_000)
    await until(
      async () => (await message(bobPage, 'written offline').locator('[data-state=sent]').count()) === 1,
      'its mark',
    )
    expect(await sent()).toBe(1)
  }, 40_000)
})
