import { describe, expect, it } from 'vitest'

type Tree = { [key: string]: string | Tree }
const files = import.meta.glob<Tree>('../src/i18n/*/*.json', { eager: true, import: 'default' })

function leaves(tree: Tree, at = ''): Map<string, string> {
  const all = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') all.set(at + key, value)
    else for (const [k, v] of leaves(value, `${at}${key}.`)) all.set(k, v)
  }
  return all
}

const of = (locale: string) =>
  Object.keys(files)
    .filter((path) => path.includes(`/${locale}/`))
    .map((path) => path.split('/').pop()!)
    .sort()

const sources = import.meta.glob<string>('../src/i18n/*/*.json', {
  eager: true,
  query: '?raw',
  import: 'default',
})

function keys(tree: Tree): number {
  return Object.values(tree).reduce(
    (all, value) => all + 1 + (typeof value === 'string' ? 0 : keys(value)),
    0,
  )
}

describe('the two languages', () => {
  it.each(Object.keys(files))('%s says nothing twice', (path) => {
    // JSON keeps the last of two equal keys in silence.
    expect(sources[path]!.match(/(?:^|[{,])\s*"[^"]+":/gm)?.length).toBe(keys(files[path]!))
  })

  it('cover the same features', () => expect(of('zh-CN')).toEqual(of('en')))

  it.each(of('en'))('%s has the same keys and placeholders in both', (file) => {
    const en = leaves(files[`../src/i18n/en/${file}`]!)
    const zh = leaves(files[`../src/i18n/zh-CN/${file}`]!)
    expect([...zh.keys()].sort()).toEqual([...en.keys()].sort())
    for (const [key, text] of en) {
      const holes = (value: string) => new Set(value.match(/\{\{\w+\}\}/g))
      expect(holes(zh.get(key)!), key).toEqual(holes(text))
      expect(zh.get(key)!.trim(), key).not.toBe('')
    }
  })

  it('never says 您, and keeps Chinese punctuation full width after Chinese', () => {
    for (const [path, tree] of Object.entries(files)) {
      if (!path.includes('/zh-CN/')) continue
      for (const [key, text] of leaves(tree)) {
        expect(text, key).not.toMatch(/您/)
        expect(text, key).not.toMatch(/[\u4e00-\u9fff][,;!?](\s|$)/)
      }
    }
  })
})
