// Fails when the JavaScript that a first visit loads outgrows its budget: the entry, the conversation view that
// nearly every visit ends in, the static imports of both, and the words of one language. The composer and its rich
// editor, which come after the first paint, have a budget of their own.
// usage: node scripts/budget.mjs [dist]   after `npm run build`
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'

const BUDGET_KB = 220
const EDITOR_KB = 140
const LANGUAGES = ['en', 'zh-CN']
const dist = resolve(process.argv[2] ?? join(import.meta.dirname, '../client/dist'))

const html = readFileSync(join(dist, 'index.html'), 'utf8')
const entries = [...html.matchAll(/(?:src|href)="([^"]+\.js)"/g)].map((match) => join(dist, match[1]))
// Static imports only: `import"./a.js"`, `import{x}from"./a.js"`, `export*from"./a.js"`; never `import("./a.js")`.
const STATIC = /(?:^|[;}\s])(?:import|export)\s*(?:[\w*\s{},$]+?\s*from\s*)?["'](\.{1,2}\/[^"']+\.js)["']/g

const sizes = new Map()
const visit = (file) => {
  if (sizes.has(file)) return
  const code = readFileSync(file)
  sizes.set(file, gzipSync(code, { level: 9 }).length)
  for (const [, path] of code.toString().matchAll(STATIC)) visit(join(dirname(file), path))
}
entries.forEach(visit)
const assets = readdirSync(join(dist, 'assets'))
const chunks = (name) => assets.filter((file) => file.startsWith(`${name}-`) && file.endsWith('.js'))
const visitAll = (name) => chunks(name).forEach((file) => visit(join(dist, 'assets', file)))
const sum = () => [...sizes.values()].reduce((all, size) => all + size, 0)
const kb = (size) => `${(size / 1000).toFixed(1).padStart(8)} KB`

visitAll('conversation')
const words = LANGUAGES.flatMap(chunks).map((file) => [
  file,
  gzipSync(readFileSync(join(dist, 'assets', file))).length,
])
const [longest, wordy] = words.sort((a, b) => b[1] - a[1])[0] ?? ['no words', 0]
sizes.set(join(dist, 'assets', longest), wordy)
const initial = sum()
for (const [file, size] of sizes) console.log(`${kb(size)}  ${file.slice(dist.length + 1)}`)
console.log(`${kb(initial)}  initial JavaScript, gzip; budget ${BUDGET_KB} KB`)

visitAll('RichSurface')
const editor = sum() - initial
console.log(
  `${kb(editor)}  composer and rich editor, loaded after the first paint, gzip; budget ${EDITOR_KB} KB`,
)

const wrong = [
  initial > wordy || 'No entry found; build first.',
  words.length === LANGUAGES.length || 'Each language must stay a chunk of its own.',
  initial <= BUDGET_KB * 1000 || 'The first load is over its budget.',
  editor > 0 || 'No rich editor found; it must stay a chunk of its own.',
  editor <= EDITOR_KB * 1000 || 'The rich editor is over its budget.',
].filter((message) => message !== true)
wrong.forEach((message) => console.error(message))
process.exit(wrong.length > 0 ? 1 : 0)
