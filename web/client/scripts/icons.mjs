// Draws the app's icons from its mark. usage: node client/scripts/icons.mjs   (in web/; needs Chromium)
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const here = (path) => join(import.meta.dirname, '../public', path)
const mark = readFileSync(here('favicon.svg'), 'utf8')
/** The mark on a ground without corners, with the margin that a system's shape may cut away. */
const maskable = mark
  .replace('rx="7"', '')
  .replace('viewBox="0 0 32 32"', 'viewBox="-6 -6 44 44"')
  .replace('<rect width="32" height="32"', '<rect x="-6" y="-6" width="44" height="44"')
/** What a status bar colours by itself. */
const badge = mark.replace(/<rect[^>]*>/, '')

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
})
const page = await browser.newPage()
for (const [name, svg, size] of [
  ['192', mark, 192],
  ['512', mark, 512],
  ['180', mark.replace('rx="7"', ''), 180],
  ['maskable-512', maskable, 512],
  ['badge', badge, 96],
]) {
  await page.setViewportSize({ width: size, height: size })
  const sized = svg.replace('<svg ', `<svg width="${size}" height="${size}" style="display:block" `)
  await page.setContent(`<style>body{margin:0;background:none}</style>${sized}`)
  writeFileSync(here(`icons/${name}.png`), await page.screenshot({ omitBackground: true }))
}
await browser.close()
