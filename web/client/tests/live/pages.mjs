/** The built client in Chromium, signed in as someone. */
import { existsSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium } from 'playwright-core'

export const PASSWORD = 'correct horse battery staple'

/** Debian's Chromium, or another by CHROMIUM. */
function chromiumPath() {
  const names = ['chromium', 'chromium-browser', 'google-chrome'].map((name) => `/usr/bin/${name}`)
  return process.env.CHROMIUM ?? names.find((path) => existsSync(path)) ?? names[0]
}

export async function startChromium() {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  })
}

/** A fresh browser profile with a page on which `name` is signed in; faults of the page fail the test. */
export async function signedIn(browser, server, name, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
  const page = await context.newPage()
  // Shorter than the test's own limit, so that the step that failed is named.
  page.setDefaultTimeout(12_000)
  page.faults = []
  page.on('pageerror', (error) => page.faults.push(String(error)))
  await page.goto(`${server.base}/sign-in`)
  const status = await page.evaluate(
    ([email, password]) =>
      fetch('/api/v1/auth/sign-in', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password }),
      }).then((r) => r.status),
    [`${name.toLowerCase()}@weft.test`, PASSWORD],
  )
  if (status !== 200) throw new Error(`${name} could not sign in: ${status}`)
  return page
}

/** Where a message is written, in the rich editor or the plain one. */
const BOX = ':is(textarea, [role=textbox][aria-multiline=true])'

/** The composer of the main column. */
export const composer = (page) => page.locator(`section ${BOX}`).last()

/** The composer of the panel at the side. */
export const sideComposer = (page) => page.locator(`aside ${BOX}`).last()

/** The rich composer of the main column, once it is loaded. */
export async function richComposer(page) {
  const box = page.locator('section [contenteditable=true]').last()
  await box.waitFor()
  return box
}

/** What stands in a composer, as it reads. */
export const written = (box) => box.evaluate((el) => (el.value ?? el.innerText).replace(/\n$/, ''))

export async function say(page, text) {
  await composer(page).fill(text)
  await page.keyboard.press('Enter')
}

/** A message of the main column by words in it. */
export const message = (page, words) => page.locator('section article').filter({ hasText: words }).last()

/** Violations of WCAG 2.2 AA on a page, by rule. */
export async function violations(page) {
  // What is still fading in has not the colours that it will have.
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter((each) => each.effect.getComputedTiming().iterations !== Infinity)
        .map((each) => each.finished),
    ),
  )
  const tags = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']
  const found = await new AxeBuilder({ page }).withTags(tags).analyze()
  return found.violations.map((v) => `${v.id}: ${v.nodes[0].html}`)
}
