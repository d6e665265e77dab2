// Fails when the JavaScript that a first visit loads outgrows its budget: the entry, the conversation view that
// nearly every visit ends in, and the static imports of both.
// usage: node scripts/budget.mjs [dist]   after `npm run build`
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'

const BUDGET_KB = 220
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
for (const file of readdirSync(join(dist, 'assets'))) {
  if (/^conversation-.*\.js$/.test(file)) visit(join(dist, 'assets', file))
}

let total = 0
for (const [file, size] of sizes) {
  total += size
  console.log(`${(size / 1000).toFixed(1).padStart(8)} KB  ${file.slice(dist.length + 1)}`)
}
console.log(`${(total / 1000).toFixed(1).padStart(8)} KB  initial JavaScript, gzip; budget ${BUDGET_KB} KB`)
if (!sizes.size || total > BUDGET_KB * 1000) {
  console.error(sizes.size ? 'The first load is over its budget.' : 'No entry found; build first.')
  process.exit(1)
}
