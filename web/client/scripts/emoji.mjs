// Writes src/lib/emoji/data.json from emojibase: per group, one row per emoji
// [unicode, shortcodes, English words, Chinese words], in the usual order. Run: node scripts/emoji.mjs
import { readFileSync, writeFileSync } from 'node:fs'

const read = (path) => JSON.parse(readFileSync(new URL(import.meta.resolve(`emojibase-data/${path}`))))
const list = (v) => (v === undefined ? [] : Array.isArray(v) ? v : [v])

const zh = new Map(read('zh/compact.json').map((e) => [e.hexcode, e]))
const slack = read('en/shortcodes/iamcal.json')
const github = read('en/shortcodes/github.json')
const plain = read('en/shortcodes/emojibase.json')
const COMPONENTS = 2

const groups = []
for (const e of read('en/compact.json').sort((a, b) => (a.order ?? 0) - (b.order ?? 0))) {
  if (e.group === undefined || e.group === COMPONENTS) continue
  const codes = [...new Set([slack, github, plain].flatMap((s) => list(s[e.hexcode])))]
  if (codes.length === 0) continue
  const here = zh.get(e.hexcode)
  const words = [
    ...new Set(
      [e.label, ...(e.tags ?? [])]
        .join(' ')
        .toLowerCase()
        .split(/[\s:,]+/),
    ),
  ]
    .filter((w) => w.length > 1)
    .join(' ')
  const row = [
    e.unicode,
    codes.join(' '),
    words,
    [here?.label, ...(here?.tags ?? [])].filter(Boolean).join(' '),
  ]
  ;(groups[e.group] ??= []).push(row)
}
const lines = groups.filter(Boolean).map((g) => JSON.stringify(g))
writeFileSync(new URL('../src/lib/emoji/data.json', import.meta.url), `[\n${lines.join(',\n')}\n]\n`)
