import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer, until } from '../../../sdk/tests/live/server.mjs'
import { composer, message, signedIn, startChromium } from './pages.mjs'

const ORG = '织云'
const LEAK = 'url(http://127.0.0.1:9/leak)'
/** The first is drawn, without what it wanted; the second cannot be read. */
const HOSTILE = [
  `%%{init: {"securityLevel": "loose", "themeCSS": "* { background: ${LEAK} }", "htmlLabels": true}}%%
graph TD
  A["<img src='http://127.0.0.1:9/leak' onerror='window.hit=1'><script>window.hit=1</script>"] --> B
  click B "javascript:window.hit=1"
  click A call alert()`,
  `graph TD
  style A fill:${LEAK}
  A --> B`,
]

describe.skipIf(!BIN)('formulas and diagrams in the browser', () => {
  let server, browser, ann, org, page, requests

  beforeAll(async () => {
    server = await LiveServer.start()
    await server.admin(['create-org', ORG])
    ann = await server.person(ORG, 'Ann', true)
    org = (await ann.api.me.get()).org.id
    browser = await startChromium()
    page = await signedIn(browser, server, 'Ann', { locale: 'en' })
    requests = []
    page.on('request', (request) => requests.push(request.url()))
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  const room = async (name, texts) => {
    const { id } = await ann.api.conversations.create({ kind: 'channel', name })
    for (const text of texts) await ann.api.messages.send(id, { nonce: crypto.randomUUID(), text })
    requests.length = 0
    await page.goto(`${server.base}/o/${org}/c/${id}`)
    await composer(page).waitFor()
  }
  const fetched = (name) => requests.some((url) => url.includes(`/assets/${name}`))

  it('loads what draws them only for a message that needs it', async () => {
    await room('plain', ['costs $5 and $6, see $HOME/$PATH'])
    await message(page, 'costs').waitFor()
    expect(fetched('katex') || fetched('Diagram')).toBe(false)
  })

  it('draws formulas, and shows those that cannot be read as they were written', async () => {
    await room('formulas', ['inline $E=mc^2$ end', '$$\\int_0^1 x\\,dx$$', 'broken $\\frac{$ end'])
    await message(page, 'inline').locator('math').waitFor({ state: 'attached' })
    expect(fetched('katex')).toBe(true)
    expect(await message(page, 'inline').locator('.katex-html').count()).toBe(1)
    await page.locator('section article .katex-display').waitFor()
    expect(await message(page, 'broken').locator('code').textContent()).toBe('$\\frac{$')
    expect(page.faults).toEqual([])
  })

  it('sends formulas as they were typed', async () => {
    await room('typed', [])
    await composer(page).click()
    await page.keyboard.type('typed $x_{1}*y*z$ end')
    await page.keyboard.press('Enter')
    await message(page, 'typed').locator('.katex-html').waitFor()
    await page.keyboard.type('$$ a \\\\ b')
    await page.keyboard.press('Control+Enter')
    await page.locator('section article .katex-display').waitFor()
    expect(await page.locator('section article annotation').last().textContent()).toBe('a \\\\ b')
  })

  it('gives formulas no way to link, load or leave their place', async () => {
    const text = 'evil $\\href{javascript:window.hit=1}{x}$ $\\includegraphics{http://127.0.0.1:9/leak}$ end'
    await room('evil formulas', [text, 'over $\\kern{-400em}\\text{elsewhere}$ end'])
    const row = message(page, 'evil')
    await row.locator('math').first().waitFor({ state: 'attached' })
    expect(await row.locator('a, img').count()).toBe(0)
    const moved = message(page, 'over').locator('span:has(> .katex)')
    expect(await moved.evaluate((el) => getComputedStyle(el).overflow)).toBe('clip')
    expect(requests.filter((url) => !url.startsWith(server.base))).toEqual([])
  })

  it('draws a diagram as an image, large on a press, and its source on another', async () => {
    await room('diagrams', [
      '```mermaid\nsequenceDiagram\n  安 ->> 博: 你好\n```',
      '```mermaid\nnonsense\n```',
    ])
    const picture = page.locator('section article img[alt^="sequenceDiagram"]')
    await picture.waitFor()
    expect((await picture.boundingBox()).height).toBeGreaterThan(60)
    await page.getByText('This diagram could not be drawn').waitFor()
    await page.locator('section').getByRole('button', { name: 'Open large' }).last().click()
    await page.getByRole('dialog', { name: 'Diagram' }).locator('img').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Show its source' }).click()
    await page.getByRole('button', { name: 'Show the diagram' }).waitFor()
    expect(await picture.count()).toBe(0)
    expect(page.faults).toEqual([])
  })

  it('lets no diagram run or load anything', async () => {
    await room('evil diagrams', [...HOSTILE.map((code) => '```mermaid\n' + code + '\n```'), 'end'])
    await message(page, 'end').waitFor()
    await page.locator('section article').getByRole('button', { name: 'Open large' }).last().waitFor()
    await page.getByText('This diagram could not be drawn').waitFor()
    expect(await page.evaluate(() => window.hit)).toBeUndefined()
    expect(requests.filter((url) => !/^(data|blob):/.test(url) && !url.startsWith(server.base))).toEqual([])
    expect(await page.locator('body svg script, body > [inert]').count()).toBe(0)
  })

  it('keeps the reader’s place while a diagram above is drawn', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => `line ${i}`)
    const graph = '```mermaid\ngraph TD\n' + 'ABCDEFGH'.replace(/./g, (c) => `  ${c}-->${c}1\n`) + '```'
    const { id } = await ann.api.conversations.create({ kind: 'channel', name: 'place' })
    let target
    for (const text of [graph, ...lines]) {
      const sent = await ann.api.messages.send(id, { nonce: crypto.randomUUID(), text })
      if (text === 'line 20') target = sent.seq
    }
    // A service worker would fetch what is held back here.
    const reader = await signedIn(browser, server, 'Ann', { serviceWorkers: 'block' })
    let draw
    const held = new Promise((resolve) => (draw = resolve))
    await reader.route('**/assets/Diagram-*.js', (route) => held.then(() => route.continue()))
    await reader.goto(`${server.base}/o/${org}/c/${id}/${target}`)
    const row = reader.getByText('line 20', { exact: true })
    await row.waitFor()
    const top = async () => (await row.boundingBox()).y
    let before
    await until(async () => before === (before = await top()), 'the list to come to rest')
    draw()
    const picture = reader.locator('section article img[alt^="graph"]')
    await picture.waitFor({ state: 'attached' })
    await reader.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    )
    expect(Math.abs((await top()) - before)).toBeLessThan(1.5)
    await reader.context().close()
  })
})
