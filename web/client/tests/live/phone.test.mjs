import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BIN, LiveServer, until } from '../../../sdk/tests/live/server.mjs'
import { composer, message, signedIn, startChromium } from './pages.mjs'

const ORG = '织云'
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }
/** Longer than a press must be to be a long one. */
const HELD = 700

describe.skipIf(!BIN)('on a phone', () => {
  let server, browser, ann, bob, org, room, page, cdp

  beforeAll(async () => {
    server = await LiveServer.start()
    await server.admin(['create-org', ORG])
    ann = await server.person(ORG, 'Ann', true)
    bob = await server.person(ORG, 'Bob')
    bob.id = (await bob.api.me.get()).principal.id
    org = (await ann.api.me.get()).org.id
    room = (await ann.api.conversations.create({ kind: 'channel', name: 'room', members: [bob.id] })).id
    for (let i = 0; i < 40; i++) await post(`message ${i}`)
    await ann.api.conversations.create({ kind: 'direct', members: [bob.id] })
    browser = await startChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  beforeEach(async () => {
    await page?.context().close()
    page = await signedIn(browser, server, 'Ann', PHONE)
    cdp = await page.context().newCDPSession(page)
    await page.addInitScript(() => {
      window.ticks = 0
      navigator.vibrate = () => ++window.ticks > 0
    })
    await page.goto(at(''))
    await row('room').waitFor()
    // What is loaded late, such as previews, moves the rows that fingers go to.
    await page.waitForLoadState('networkidle')
  })
  afterEach(() => expect(page.faults.splice(0)).toEqual([]))

  const post = (text) => bob.api.messages.send(room, { nonce: crypto.randomUUID(), text })
  const at = (path) => `${server.base}/o/${org}${path}`
  const row = (name) => page.getByRole('navigation').getByRole('link', { name })
  const touch = (type, x, y) =>
    cdp.send('Input.dispatchTouchEvent', { type, touchPoints: x === undefined ? [] : [{ x, y }] })
  const pull = async (x, y, toX, toY, steps = 6) => {
    await touch('touchStart', x, y)
    for (let i = 1; i <= steps; i++) {
      await touch('touchMove', x + ((toX - x) * i) / steps, y + ((toY - y) * i) / steps)
    }
  }
  const swipe = async (...args) => {
    await pull(...args)
    await touch('touchEnd')
  }
  /** Where the composer ends; it has no box while the rich editor takes the place of the plain one. */
  const composerBottom = async () => {
    let box
    await until(async () => (box = await composer(page).boundingBox()) !== null, 'the composer')
    return box.y + box.height
  }
  const enter = async () => {
    await row('room').tap()
    await message(page, 'message 39').waitFor()
  }
  const middle = async (locator) => {
    const box = await locator.boundingBox()
    return [box.x + box.width / 2, box.y + box.height / 2]
  }
  const shift = (what) =>
    page.locator(what).evaluate((element) => new DOMMatrix(getComputedStyle(element).transform).m41)

  it('swipes back from the conversation to the list, the finger leading', async () => {
    await enter()
    await pull(6, 400, 150, 404)
    expect(await shift('main[data-swiped]')).toBeCloseTo(144, 0)
    // What lies under it is there to be seen.
    expect(await row('room').isVisible()).toBe(true)
    await touch('touchMove', 300, 404)
    await touch('touchEnd')
    await page.waitForURL(at(''))
    await page.locator('main[data-swiped]').waitFor({ state: 'detached' })
    // The browser's back now leads on from the list, not into the conversation again.
    await page.goBack().catch(() => null)
    expect(page.url()).not.toContain(room)
  })

  it('stays where a swipe is short, goes down, or begins in the middle', async () => {
    await enter()
    await pull(6, 400, 60, 400)
    // Slowly, by the event's own time.
    await cdp.send('Input.dispatchTouchEvent', {
      type: 'touchEnd',
      touchPoints: [],
      timestamp: Date.now() / 1000 + 2,
    })
    await page.locator('main[data-swiped]').waitFor({ state: 'detached' })
    await swipe(6, 300, 20, 500)
    await swipe(200, 400, 380, 400)
    expect(page.url()).toContain(room)
    expect(await page.locator('main[data-swiped]').count()).toBe(0)
  })

  it('swipes a panel away, then the conversation; the browser’s back does the same', async () => {
    await enter()
    await page.getByRole('button', { name: 'Details', exact: true }).tap()
    await page.locator('[data-panel]').waitFor()
    await swipe(6, 400, 330, 400)
    await page.locator('[data-panel]').waitFor({ state: 'detached' })
    expect(page.url()).toContain(room)
    await swipe(6, 400, 330, 400)
    await page.waitForURL(at(''))
    await enter()
    await page.getByRole('button', { name: 'Details', exact: true }).tap()
    await page.locator('[data-panel]').waitFor()
    await page.goBack()
    await page.locator('[data-panel]').waitFor({ state: 'detached' })
    await page.goBack()
    await page.waitForURL(at(''))
  })

  it('moves nothing for who wants less motion, and goes back all the same', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await enter()
    await pull(6, 400, 250, 400)
    expect(await shift('main')).toBe(0)
    await touch('touchEnd')
    await page.waitForURL(at(''))
  })

  it('opens a message’s menu by a long press, with a tick, and selects nothing', async () => {
    await enter()
    const [x, y] = await middle(message(page, 'message 12'))
    await touch('touchStart', x, y)
    await touch('touchMove', x + 3, y + 3)
    await page.getByRole('menu').waitFor()
    await touch('touchEnd')
    await page.getByRole('menuitem', { name: 'Copy text' }).waitFor()
    expect(await page.evaluate(() => [window.ticks, String(getSelection())])).toEqual([1, ''])
    await page
      .getByRole('button', { name: /React with/ })
      .first()
      .tap()
    await message(page, 'message 12')
      .getByRole('button', { name: /, 1/ })
      .or(message(page, 'message 12').locator('button[aria-pressed=true]'))
      .first()
      .waitFor()
  })

  it('opens a row’s menu by a long press, not the conversation', async () => {
    const [x, y] = await middle(row('room'))
    await touch('touchStart', x, y)
    await page.getByRole('menu').waitFor()
    await touch('touchEnd')
    await page.getByRole('menuitem', { name: 'Notifications' }).waitFor()
    expect(page.url()).toBe(at(''))
    expect(await page.evaluate(() => [window.ticks, String(getSelection())])).toEqual([1, ''])
  })

  it('scrolls instead where the finger moves', async () => {
    await enter()
    await page.clock.install()
    await pull(200, 300, 200, 500)
    await page.clock.fastForward(HELD)
    await touch('touchEnd')
    expect(await page.getByRole('menu').count()).toBe(0)
    expect(await page.evaluate(() => window.ticks)).toBe(0)
  })

  it('keeps clear of notches and bars', async () => {
    await cdp.send('Emulation.setSafeAreaInsetsOverride', { insets: { top: 47, bottom: 34 } })
    await page.reload()
    await row('room').waitFor()
    const tabs = await page
      .getByRole('navigation', { name: 'Modules' })
      .getByRole('link')
      .first()
      .boundingBox()
    expect(tabs.y + tabs.height).toBeLessThanOrEqual(844 - 34)
    await enter()
    expect((await page.locator('main header').first().boundingBox()).y).toBeGreaterThanOrEqual(47)
    expect(await composerBottom()).toBeLessThanOrEqual(844 - 34)
  })

  it('keeps the composer above the keyboard where the browser does not', async () => {
    await enter()
    await page.evaluate(() => {
      Object.defineProperty(visualViewport, 'height', { get: () => 500, configurable: true })
      visualViewport.dispatchEvent(new Event('resize'))
    })
    await until(async () => (await composerBottom()) <= 500, 'the composer above the keyboard')
    await page.evaluate(() => {
      delete visualViewport.height
      visualViewport.dispatchEvent(new Event('resize'))
    })
    await until(async () => (await composerBottom()) > 500, 'the whole height again')
  })

  it('has targets that a thumb can hit', async () => {
    const small = () =>
      page.evaluate(() => {
        const found = []
        for (const element of document.querySelectorAll('a, button, [role=switch], select, input')) {
          // A field is as large as the box drawn round it.
          const target = element.tagName === 'INPUT' ? element.parentElement : element
          const { width, height, x, y } = target.getBoundingClientRect()
          // Messages and the composer have rules of their own; the topic leads where the title does.
          if (!width || element.closest('article, [class*=composer], [class*=topic]')) continue
          // How far a finger may stray from the middle before it hits something else.
          const reach = (dx, dy) => {
            const hits = (n) =>
              target.contains(document.elementFromPoint(x + width / 2 + n * dx, y + height / 2 + n * dy))
            let n = 0
            while (n < 44 && hits(n)) n++
            return n
          }
          const wide = Math.max(width, reach(-1, 0) + reach(1, 0))
          const high = Math.max(height, reach(0, -1) + reach(0, 1))
          if (wide > 43.5 && high > 43.5) continue
          found.push(`${Math.round(width)}×${Math.round(height)} ${element.outerHTML.slice(0, 90)}`)
        }
        return found
      })
    expect(await small(), 'list').toEqual([])
    for (const path of [
      '/people',
      '/browse',
      '/threads',
      '/settings',
      '/settings/appearance',
      '/admin/members',
    ]) {
      await page.goto(at(path))
      await page.locator('main h1').last().waitFor()
      await until(async () => (await page.locator('main [aria-busy=true]').count()) === 0, 'the page')
      expect(await small(), path).toEqual([])
    }
    await page.goto(at(`/c/${room}`))
    await message(page, 'message 39').waitFor()
    expect(await small(), 'conversation').toEqual([])
  })
})
