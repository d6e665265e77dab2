import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { parseMarkdown } from '../../../../lib/markdown/parse'
import { fromMarkdown, type NodeJson } from './fromMarkdown'
import { schema } from './schema'
import { meant, shown } from './seen.fixture'
import { toMarkdown } from './toMarkdown'

const read = (text: string) => fromMarkdown(schema, text)
const again = (text: string) => toMarkdown(read(text))
const typed = (...lines: string[]) =>
  schema.nodeFromJSON({
    type: 'doc',
    content: lines.map((text) => ({ type: 'paragraph', content: text ? [{ type: 'text', text }] : [] })),
  })

describe('what the renderer shows', () => {
  it.each([
    '**重要：**请看',
    '这是**“重点”**的话',
    '请**务必（今天）**完成',
    'a *b* ~~c~~ `d` **e *f* g**',
    '[文档](https://a.cn/x) 与 https://a.cn/a_b_c，谢谢',
    '<@usr_01jq> <@all> <@here> 见 <#cnv_01jq> :+1:',
    '一\n二\n\n三\n\n\n四',
    '- a\n- b\n  - c\n  - d\n- e',
    '3. a\n4. b',
    '- [ ] 写文档\n- [x] 发布',
    '> 引用\n> 第二行\n\n答',
    '```rust\nfn main() {\n\n    x\n}\n```',
    '# 标题\n\n文',
    'a\n\n---\n\nb',
    '| 项 | 数 |\n| :-- | --: |\n| a | `b\\|c` |',
    '> - a\n>\n>   ```\n>   x\n>   ```',
    '**`code`** ~~[x](https://a.cn)~~',
    '![图](https://x.cn/a.png)',
    '<https://a.cn/x>',
    '**a\nb**',
    '&amp; &lt;b&gt; \\*a\\*',
    '- a\n\n  b\n\n      code',
    'a\\\nb',
    'Title\n===',
    '1. a\n   - b\n     1. c',
    '- a\n\n+ b',
    '质能 $E_{0}=mc^2$，设 $a*b*c$ 为 $\\frac{a}{b}\\,x$',
    '**$x_{1}$** 与 $$\\int_0^1 x\\,dx$$ 和 $5、$6',
    '```mermaid\ngraph TD\n  A --> B\n```',
    'first_last@a.cn www.a.cn/_x_ 2 * 3 * 4 C:\\dir\\file',
  ])('stays the same through the editor: %j', (text) => {
    const once = again(text)
    expect(shown(parseMarkdown(once))).toEqual(shown(parseMarkdown(text)))
    expect(meant(read(text))).toEqual(shown(parseMarkdown(text)))
    expect(again(once)).toBe(once)
  })

  it.each([
    '**重要：**请看',
    '一\n二\n\n三\n\n\n四',
    '- a\n- b\n  - c\n- d',
    '1. a\n2. b',
    '- [ ] 写\n- [x] 发',
    '> a\n> b',
    '```js\nx\n```',
    '[a](https://a.cn/b)',
    '看 https://a.cn/a_b*c?d=e&f=g，谢谢',
    '2 * 3 and snake_case_name [INFO] a < b & c # d ~5 C:\\dir',
  ])('canonical text is left alone: %j', (text) => {
    expect(again(text)).toBe(text)
  })
})

describe('literal text', () => {
  it.each([
    ['**a**', '\\*\\*a\\*\\*'],
    ['2*3*4', '2\\*3\\*4'],
    ['- a', '\\- a'],
    ['1. a', '1\\. a'],
    ['2024. a', '2024\\. a'],
    ['> a', '\\> a'],
    ['# a', '\\# a'],
    ['#topic', '#topic'],
    ['`a`', '\\`a\\`'],
    ['[a](b)', '[a\\](b)'],
    ['---', '\\---'],
    ['~~~', '\\~\\~\\~'],
    ['__init__', '\\_\\_init\\_\\_'],
    ['<@usr_1>', '\\<@usr_1>'],
    ['&lt;', '\\&lt;'],
    ['<div>', '<div>'],
    ['C:\\*', 'C:\\\\\\*'],
    ['　　段落', '&#12288;　段落'],
    ['10:30 :smile:', '10:30 :smile:'],
  ])('%j is sent so that it reads as typed', (text, wire) => {
    expect(toMarkdown(typed(text))).toBe(wire)
    expect(shown(parseMarkdown(wire))).toEqual(meant(typed(text)))
  })
  it('leaves text that is too dense to be parsed as it is', () => {
    const dense = '{"a":[*]}|'.repeat(2_000)
    expect(toMarkdown(typed(dense))).toBe(dense)
  })
  it('keeps a table that was typed', () => {
    expect(toMarkdown(typed('| a | b |', '| --- | --- |', '| 1 | 2 |'))).toBe(
      '| a | b |\n| --- | --- |\n| 1 | 2 |',
    )
  })
  it('is empty when there is nothing to read', () => {
    expect(again('- ')).toBe('')
    expect(again('> \n> ')).toBe('')
    expect(toMarkdown(typed(' ', ''))).toBe('')
  })
})

const NOISE = [
  ...'*_~`[]()<>#!|\\:@&+-=.>1 \u3000',
  '中',
  '文',
  '：',
  '，',
  '“',
  '”',
  'a',
  'b',
  '**',
  '~~',
  '](',
  '```',
  '&amp;',
  'https://a.cn/b_c',
  ':x:',
  'a@b.cn',
  '🙂',
]
const words = fc.array(fc.constantFrom(...NOISE), { minLength: 1, maxLength: 12 }).map((x) => x.join(''))
/** An address that other signs stand close to may swallow them; with marks as well, not every mark survives. */
const apart = (text: string) => text.replaceAll('https://', ' https://').replaceAll('b_c', 'b_c ')
const marks = fc
  .subarray(['bold', 'italic', 'strike', 'link', 'code'], { maxLength: 3 })
  .map((names) => (names.includes('code') ? names.filter((n) => n !== 'link') : names))
  .map((names) =>
    names.map((type) => (type === 'link' ? { type, attrs: { href: 'https://a.cn/x' } } : { type })),
  )
const inlineNode: fc.Arbitrary<NodeJson> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant('text'), text: words.map(apart), marks }) },
  {
    weight: 1,
    arbitrary: marks.map((m) => ({
      type: 'mention',
      attrs: { wire: '<@usr_1>' },
      marks: m.filter((x) => x.type !== 'code'),
    })),
  },
)
const paragraph = fc
  .array(inlineNode, { maxLength: 4 })
  .map<NodeJson>((content) => ({ type: 'paragraph', content }))
const block = fc.letrec<{ block: NodeJson; item: NodeJson }>((tie) => ({
  block: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'block' },
    paragraph,
    fc.record({
      type: fc.constant('codeBlock'),
      attrs: fc.record({ language: fc.constantFrom(null, 'js') }),
      content: words.map((text) => [{ type: 'text', text }]),
    }),
    fc.record({
      type: fc.constant('heading'),
      attrs: fc.record({ level: fc.integer({ min: 1, max: 6 }) }),
      content: fc.array(inlineNode, { maxLength: 2 }),
    }),
    fc.constant<NodeJson>({ type: 'horizontalRule' }),
    fc.record({
      type: fc.constant('blockquote'),
      content: fc.array(tie('block'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      type: fc.constant('bulletList'),
      content: fc.array(tie('item'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      type: fc.constant('orderedList'),
      attrs: fc.record({ start: fc.integer({ min: 0, max: 12 }) }),
      content: fc.array(tie('item'), { minLength: 1, maxLength: 3 }),
    }),
  ),
  item: fc
    .tuple(fc.constantFrom(null, true, false), paragraph, fc.array(tie('block'), { maxLength: 2 }))
    .map(([checked, first, rest]) => ({ type: 'listItem', attrs: { checked }, content: [first, ...rest] })),
})).block
const doc = fc
  .array(block, { minLength: 1, maxLength: 4 })
  .map((content) => schema.nodeFromJSON({ type: 'doc', content }))

describe('any document', () => {
  it('a line of text is shown as it was typed', () => {
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 3 }), (lines) => {
        const source = typed(...lines)
        expect(shown(parseMarkdown(toMarkdown(source)))).toEqual(meant(source))
      }),
      { numRuns: 600, seed: 7 },
    )
  })
  it('is shown as it was written', () => {
    fc.assert(
      fc.property(doc, (source) => {
        fc.pre(toMarkdown(source) !== '')
        expect(shown(parseMarkdown(toMarkdown(source)))).toEqual(meant(source))
      }),
      { numRuns: 600, seed: 11 },
    )
  })
  it('comes back from its text, which stays the same', () => {
    fc.assert(
      fc.property(doc, (source) => {
        const text = toMarkdown(source)
        expect(again(text)).toBe(text)
      }),
      { numRuns: 600, seed: 13 },
    )
  })
  it('any Markdown keeps its meaning through the editor', () => {
    const source = fc.array(
      fc.constantFrom(...NOISE, '\n', '\n\n', '\n- ', '\n> ', '\n  ', '- [ ] ', '2. '),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(source, (parts) => {
        const text = parts.join('')
        fc.pre(again(text) !== '')
        expect(shown(parseMarkdown(again(text)))).toEqual(shown(parseMarkdown(text)))
      }),
      { numRuns: 1_000, seed: 17 },
    )
  })
})
