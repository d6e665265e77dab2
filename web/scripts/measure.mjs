// Measures the client in Chromium against a running Weft, and prints one JSON line for each figure; see
// docs/PERFORMANCE.md. The person must have joined the conversation.
// usage: node scripts/measure.mjs BASE E-MAIL PASSWORD CONVERSATION [heap|start|switch|idle|members …]
import { chromium } from 'playwright-core'

const [base, email, password, conversation, ...wanted] = process.argv.slice(2)
if (!conversation) {
  console.error(
    'usage: node scripts/measure.mjs BASE E-MAIL PASSWORD CONVERSATION [heap|start|switch|idle|members …]',
  )
  process.exit(2)
}
const IDLE_MS = 30_000
const SWITCHES = 40
const STARTS = 5

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
})
const say = (what, figures) => console.log(JSON.stringify({ what, ...figures }))
const mb = (bytes) => Math.round(bytes / 1e5) / 10
const quantile = (values, q) =>
  Math.round([...values].sort((a, b) => a - b)[Math.ceil(values.length * q) - 1] * 10) / 10

/** Somebody signed in with an empty cache, on a page of the client. */
async function visit() {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  await page.goto(`${base}/healthz`)
  const org = await page.evaluate(
    async ([email, password]) => {
      const answer = await fetch('/api/v1/auth/sign-in', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password }),
      })
      return (await answer.json()).orgs[0].org.id
    },
    [email, password],
  )
  return { page, cdp, home: `${base}/o/${org}`, close: () => context.close() }
}

const opened = (page) => page.locator('section [data-message]').first().waitFor()

/** What is in use after everything unreachable is gone. */
async function heap(cdp) {
  for (let i = 0; i < 3; i++) await cdp.send('HeapProfiler.collectGarbage')
  return (await cdp.send('Runtime.getHeapUsage')).usedSize
}

/** Scrolls a list by screens until `done` says so; answers how many rows came by. */
const scroll = (page, up) =>
  page.evaluate(async (up) => {
    const frame = () => new Promise(requestAnimationFrame)
    const feed = document.querySelector('section [data-row]').parentElement.parentElement.parentElement
    const seen = { rows: 0, slow: 0, worst: 0 }
    let edge = null
    let still = 0
    while (still < 400) {
      const before = performance.now()
      feed.scrollTop += (up ? -1 : 1) * 4000
      await frame()
      const took = performance.now() - before
      seen.worst = Math.max(seen.worst, took)
      if (took > 50) seen.slow += 1
      const rows = feed.querySelectorAll('[data-seq]')
      const at = Number((up ? rows[0] : rows[rows.length - 1])?.dataset.seq)
      if (at === edge) still += 1
      else still = 0
      if (edge !== null) seen.rows += Math.abs(at - edge)
      edge = at
    }
    return { ...seen, worst: Math.round(seen.worst), at: edge }
  }, up)

const measures = {
  async heap() {
    const { page, cdp, home, close } = await visit()
    await page.goto(`${home}/c/${conversation}`)
    await opened(page)
    say('heap', { when: 'opened', mb: mb(await heap(cdp)) })
    for (const up of [true, false]) {
      const seen = await scroll(page, up)
      say('heap', { when: up ? 'scrolled to the first' : 'and back', ...seen, mb: mb(await heap(cdp)) })
    }
    await close()
  },

  async start() {
    const times = []
    for (let i = 0; i < STARTS; i++) {
      const { page, cdp, home, close } = await visit()
      await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 })
      const before = performance.now()
      await page.goto(`${home}/c/${conversation}`, { waitUntil: 'commit' })
      await opened(page)
      await page.locator('section textarea, section [contenteditable=true]').first().waitFor()
      times.push(performance.now() - before)
      await close()
    }
    say('start, empty cache, 4× throttled', { ms: times.map(Math.round) })
  },

  async switch() {
    const { page, home, close } = await visit()
    await page.goto(`${home}/c/${conversation}`)
    await opened(page)
    const times = await page.evaluate(async (count) => {
      const links = [...document.querySelectorAll('nav a[href*="/c/"]')].slice(0, 2)
      const times = []
      // The first visit of each loads it.
      for (let i = 0; i < count + 4; i++) {
        const link = links[i % links.length]
        const before = performance.now()
        link.click()
        const shown = () =>
          location.pathname === new URL(link.href).pathname &&
          document.querySelector('section [data-message]')
        while (!shown()) await new Promise(requestAnimationFrame)
        await new Promise(requestAnimationFrame)
        if (i >= 4) times.push(performance.now() - before)
        else await new Promise((resolve) => setTimeout(resolve, 1000))
      }
      return times
    }, SWITCHES)
    say('switch', { count: times.length, p50: quantile(times, 0.5), p95: quantile(times, 0.95) })
    await close()
  },

  async idle() {
    const { page, cdp, home, close } = await visit()
    await page.goto(`${home}/c/${conversation}`)
    await opened(page)
    await page.waitForTimeout(5000)
    await cdp.send('Performance.enable')
    const read = async () =>
      Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map((m) => [m.name, m.value]))
    const before = await read()
    await page.waitForTimeout(IDLE_MS)
    const after = await read()
    const grown = (name) => after[name] - before[name]
    say('idle', {
      seconds: IDLE_MS / 1000,
      taskMs: Math.round(grown('TaskDuration') * 1000),
      scriptMs: Math.round(grown('ScriptDuration') * 1000),
      layouts: grown('LayoutCount'),
      styles: grown('RecalcStyleCount'),
    })
    await close()
  },

  async members() {
    const { page, cdp, home, close } = await visit()
    await page.goto(`${home}/c/${conversation}`)
    await opened(page)
    const before = await heap(cdp)
    const ms = await page.evaluate(async (path) => {
      const start = performance.now()
      history.pushState(null, '', path)
      dispatchEvent(new PopStateEvent('popstate'))
      while (!document.querySelector('aside li')) await new Promise(requestAnimationFrame)
      return performance.now() - start
    }, `${home}/c/${conversation}?panel=members`)
    const scrolled = await page.evaluate(async () => {
      const list = document.querySelector('aside [role=region]')
      let worst = 0
      for (let still = 0, top = -1; still < 60;) {
        const before = performance.now()
        list.scrollTop += 1500
        await new Promise(requestAnimationFrame)
        worst = Math.max(worst, performance.now() - before)
        still = list.scrollTop === top ? still + 1 : 0
        top = list.scrollTop
      }
      return {
        rows: Number(document.querySelector('aside li:last-child').ariaPosInSet),
        worstFrame: Math.round(worst),
      }
    })
    const grown = mb((await heap(cdp)) - before)
    say('members', { firstMs: Math.round(ms), ...scrolled, grownMb: grown })
    await close()
  },
}

for (const name of wanted.length ? wanted : Object.keys(measures)) await measures[name]()
await browser.close()
