/** The SDK in Chromium, on a page of its own at the server's origin. */
import { existsSync } from 'node:fs'
import { build } from 'vite'
import { chromium } from 'playwright-core'

/** Debian's Chromium, or another by CHROMIUM. */
function chromiumPath() {
  const names = ['chromium', 'chromium-browser', 'google-chrome'].map((name) => `/usr/bin/${name}`)
  return process.env.CHROMIUM ?? names.find((path) => existsSync(path)) ?? names[0]
}

async function bundle() {
  const result = await build({
    root: new URL('../..', import.meta.url).pathname,
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      target: 'es2022',
      // One file, whatever is loaded when used.
      rolldownOptions: { output: { codeSplitting: false } },
      lib: { entry: 'src/index.ts', formats: ['es'], fileName: 'sdk' },
    },
  })
  return result[0].output[0].code
}

const PAGE = `<!doctype html><meta charset="utf-8"><title>sdk</title><script type="module">
import * as sdk from '/__test/sdk.js'
window.sdk = sdk
</script>`

/** A browser in which \`open\` makes tabs that hold the SDK as \`window.sdk\`. */
export async function startBrowser(base) {
  const code = await bundle()
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    // The page is not served from the server's address, as far as the browser can tell.
    args: ['--no-sandbox', '--disable-features=LocalNetworkAccessChecks'],
  })
  const context = await browser.newContext()
  await context.route('**/__test/*', (route) => {
    const script = route.request().url().endsWith('.js')
    return route.fulfill(
      script ? { contentType: 'text/javascript', body: code } : { contentType: 'text/html', body: PAGE },
    )
  })
  const open = async () => {
    const page = await context.newPage()
    await page.goto(`${base}/__test/page`)
    await page.waitForFunction(() => window.sdk)
    return page
  }
  return { open, context, close: () => browser.close() }
}

/** Opens the org in a tab as \`window.weft\`. */
export function openWeft(page, org, me) {
  return page.evaluate(
    async ([org, me]) => {
      const { Api, Weft } = window.sdk
      window.weft = await Weft.open({ api: new Api(), org, me })
    },
    [org, me],
  )
}

/** Texts and states of a conversation in a tab. */
export function shown(page, id) {
  return page.evaluate((id) => {
    const view = window.weft.timeline(id).view.get()
    return view.items.flatMap((i) => {
      const part = i.message.content.parts.find((p) => p.type === 'markdown')
      return part ? [[part.text, i.state]] : []
    })
  }, id)
}
