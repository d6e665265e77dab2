import { describe, expect, it } from 'vitest'

import { nodesText, type MdNode } from './nodes'
import { parseMarkdown } from './parse'

const kinds = (nodes: readonly MdNode[]): string[] =>
  nodes.flatMap((n) => ('c' in n ? [n.t, ...kinds(n.c)] : [n.t]))

const find = <T extends MdNode['t']>(nodes: readonly MdNode[], t: T): Extract<MdNode, { t: T }>[] =>
  nodes.flatMap((n) => [...(n.t === t ? [n as never] : []), ...('c' in n ? find(n.c, t) : [])])

describe('emphasis', () => {
  it.each(['**重要：**请看', '这是**“重点”**的话', '请**务必（今天）**完成'])(
    'closes beside CJK punctuation: %s',
    (text) => {
      expect(find(parseMarkdown(text), 'strong')).toHaveLength(1)
    },
  )
  it('leaves snake_case and 2*3*4 alone', () => {
    expect(kinds(parseMarkdown('some_snake_case 2 * 3 * 4'))).toEqual(['p', 'text'])
  })
  it('strikes', () => {
    expect(find(parseMarkdown('~~旧的~~新的'), 's')).toHaveLength(1)
  })
})

describe('mentions', () => {
  it('finds people, everyone and channels', () => {
    const nodes = parseMarkdown('<@usr_01jq0000000000000000000000> <@all> <@here> 见 <#cnv_01jq>')
    expect(find(nodes, 'person')[0]?.id).toBe('usr_01jq0000000000000000000000')
    expect(find(nodes, 'everyone').map((n) => n.which)).toEqual(['all', 'here'])
    expect(find(nodes, 'channel')[0]?.id).toBe('cnv_01jq')
  })
  it('does not look inside code', () => {
    expect(kinds(parseMarkdown('`<@usr_01>`'))).toEqual(['p', 'code'])
  })
  it('keeps malformed ones as text', () => {
    expect(kinds(parseMarkdown('<@nobody> <@usr_>'))).toEqual(['p', 'text'])
  })
})

describe('links', () => {
  it('ends a bare link at full-width punctuation', () => {
    const nodes = parseMarkdown('看https://weft.dev/a，谢谢')
    expect(find(nodes, 'link')[0]?.href).toBe('https://weft.dev/a')
    expect(nodesText(nodes).trim()).toBe('看https://weft.dev/a，谢谢')
  })
  it.each([
    '[x](javascript:alert(1))',
    '[x](data:text/html,1)',
    '[x](vbscript:1)',
    '[x](file:///etc/passwd)',
  ])('refuses %s', (text) => expect(find(parseMarkdown(text), 'link')).toHaveLength(0))
  it('does not take file names for hosts', () => {
    expect(find(parseMarkdown('README.md main.rs index.ts'), 'link')).toHaveLength(0)
  })
  it('shows foreign pictures as links', () => {
    expect(kinds(parseMarkdown('![a](https://x.cn/a.png)'))).toEqual(['p', 'link', 'text'])
  })
})

describe('blocks', () => {
  it('reads task lists', () => {
    const nodes = parseMarkdown('- [ ] 写文档\n- [x] 发布')
    expect(find(nodes, 'task').map((n) => n.checked)).toEqual([false, true])
    expect(nodesText(nodes)).toContain('☑ 发布')
  })
  it('reads tables with alignment', () => {
    const nodes = parseMarkdown('|项|数|\n|:-|-:|\n|a|1|')
    expect(find(nodes, 'cell').map((n) => n.align)).toEqual(['left', 'right', 'left', 'right'])
  })
  it('keeps a newline as a break and HTML as text', () => {
    expect(kinds(parseMarkdown('a\n<b>b</b>'))).toEqual(['p', 'text', 'br', 'text'])
  })
  it('keeps plain text and its paragraphs', () => {
    expect(kinds(parseMarkdown('一\n二\n\n三'))).toEqual(['p', 'text', 'br', 'text', 'p', 'text'])
  })
  it('reads shortcodes but not times', () => {
    expect(find(parseMarkdown('好 :+1: 10:30:45'), 'emoji').map((n) => n.name)).toEqual(['+1'])
  })
})

describe('hostile input', () => {
  const big = 40_000
  const cases: Record<string, string> = {
    quotes: '>'.repeat(big),
    brackets: '['.repeat(big),
    stars: '*a '.repeat(big / 3),
    alternating: '*_'.repeat(big / 2),
    ticks: '`a'.repeat(big / 2),
    lists: Array.from({ length: 500 }, (_, i) => ' '.repeat(i) + '- a').join('\n'),
    links: '[a](b'.repeat(big / 5),
    angle: '<'.repeat(big),
    mentions: '<@usr_'.repeat(big / 6),
    addresses: 'http://a.cn/'.repeat(big / 12),
    mails: 'a@'.repeat(big / 2),
    table: '|'.repeat(big / 2) + '\n' + '|-'.repeat(big / 4),
    rows: '|a|b|\n|-|-|\n' + '|1|2|\n'.repeat(6000),
    entities: '&amp;'.repeat(big / 5),
    fence: '```'.repeat(big / 3),
    references: '[a]: b\n'.repeat(big / 7),
    shortcodes: ':a'.repeat(big / 2),
    nul: '\0'.repeat(big),
    cjk: '**重要：'.repeat(big / 5),
    dots: 'a.'.repeat(big / 2),
    dense: '**a**'.repeat(1100),
    huge: '*a* '.repeat(50_000),
  }
  it.each(Object.keys(cases))('%s neither throws nor loses the text', (name) => {
    expect(parseMarkdown(cases[name]!).length).toBeGreaterThan(0)
  })
})
