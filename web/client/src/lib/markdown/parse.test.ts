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

describe('formulas', () => {
  const tex = (text: string) => find(parseMarkdown(text), 'formula').map((n) => n.markup + n.v + n.markup)
  it.each([
    ['质能 $E=mc^2$，证毕', ['$E=mc^2$']],
    ['设$x$为$y$', ['$x$', '$y$']],
    ['$a_1$ and $b_1$', ['$a_1$', '$b_1$']],
    ['**$x*y*z$** ($n$).', ['$x*y*z$', '$n$']],
    ['$\\$5$', ['$\\$5$']],
    ['so $$\\int_0^1 x$$ there', ['$$\\int_0^1 x$$']],
    ['$$\na \\\\\nb\n$$', ['$$a \\\\\nb$$']],
    ['before\n$$x$$\nafter', ['$$x$$']],
    ['> $$\n> x\n> $$', ['$$x$$']],
    ['- $$\n  x\n  $$', ['$$x$$']],
  ])('are found in %j', (text, found) => expect(tex(text)).toEqual(found))
  it.each([
    '$5 and $6',
    'between $5/$10',
    'US$5, HK$6',
    '5$ or 6$',
    'echo $HOME and $PATH',
    '$HOME/bin:$PATH',
    '${A}/${B}',
    '$(a)/$(b)',
    'run `echo $A` then `$B`',
    '```sh\necho $A$B$\n```',
    'a $ b $ c',
    '$ x$ $x $',
    '\\$x$',
    '$$',
    '$$$$',
    '$$\nnever ends',
    '$a\nb$',
  ])('are not seen in %j', (text) => expect(tex(text)).toEqual([]))
  it('keep the text that they are not', () => {
    expect(nodesText(parseMarkdown('$5 and $6')).trim()).toBe('$5 and $6')
    expect(nodesText(parseMarkdown('a $x$ b')).trim()).toBe('a $x$ b')
  })
  it('are text beyond what can be drawn in one message', () => {
    const nodes = parseMarkdown('$x$ '.repeat(300))
    expect(find(nodes, 'formula')).toHaveLength(200)
    expect(nodesText(nodes).match(/\$x\$/g)).toHaveLength(300)
  })
})

describe('diagrams', () => {
  it('are fences of mermaid, as many as can be drawn', () => {
    const nodes = parseMarkdown('```mermaid\ngraph TD\n```\n'.repeat(12))
    expect(find(nodes, 'diagram')).toHaveLength(10)
    expect(find(nodes, 'fence')).toHaveLength(2)
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
    dollars: '$a'.repeat(big / 2),
    formulas: '$a$ '.repeat(big / 4),
    openFormulas: '$$ a\n'.repeat(big / 5),
    dots: 'a.'.repeat(big / 2),
    dense: '**a**'.repeat(1100),
    huge: '*a* '.repeat(50_000),
  }
  it.each(Object.keys(cases))('%s neither throws nor loses the text', (name) => {
    expect(parseMarkdown(cases[name]!).length).toBeGreaterThan(0)
  })
})
