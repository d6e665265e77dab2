// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'

import { pasteText } from './paste'

const paste = (html: string, text = 'x') => pasteText({ html, text })

describe('paste', () => {
  it('keeps emphasis, links and lists', () => {
    expect(paste('<p>请<b>务必</b>看<a href="https://a.cn/x">这里</a></p>')).toBe(
      '请**务必**看[这里](https://a.cn/x)',
    )
    expect(paste('<ul><li>一</li><li>二<ul><li>三</li></ul></li></ul>')).toBe('- 一\n- 二\n  - 三')
    expect(paste('<ol start="3"><li>a</li><li>b</li></ol>')).toBe('3. a\n4. b')
  })
  it('keeps tables and code', () => {
    expect(paste('<table><tr><th>a</th><th>b|c</th></tr><tr><td>1</td><td>2</td></tr></table>')).toBe(
      '| a | b\\|c |\n| --- | --- |\n| 1 | 2 |',
    )
    expect(paste('<pre><code class="language-rust">fn main() {\n  x\n}\n</code></pre>')).toBe(
      '```rust\nfn main() {\n  x\n}\n```',
    )
  })
  it('leaves code editors alone', () => {
    expect(
      paste('<meta charset="utf-8"><div style="color:#ccc;font-family: Menlo, monospace"><b>let</b> x</div>'),
    ).toBeNull()
  })
  it('leaves plain text alone', () => {
    expect(paste('<div>一<br>二</div>')).toBeNull()
    expect(paste('<a href="https://a.cn">https://a.cn</a>', 'https://a.cn')).toBeNull()
    expect(paste('')).toBeNull()
  })
  it('keeps signs that only look like Markdown', () => {
    expect(paste('<p><b>a</b> 2*3*4 <code>x*y</code> [b](c)</p>')).toBe('**a** 2\\*3\\*4 `x*y` [b\\](c)')
    expect(paste('<p>2*3*4 <span>b</span></p>', '2*3*4 b')).toBeNull()
  })
  it('runs nothing and follows no odd links', () => {
    expect(paste('<b>a</b><script>alert(1)</script><img src=x onerror=alert(1)>')).toBe('**a**')
    expect(paste('<b>a</b><a href="javascript:alert(1)">x</a>')).toBe('**a**x')
  })
  it('survives Google Docs and deep nesting', () => {
    expect(paste('<b style="font-weight:normal"><p>one</p><p><em>two</em></p></b>')).toBe('one\n\n*two*')
    expect(paste('<div>'.repeat(1000) + '<b>deep</b>')).toContain('deep')
  })
  it.each([
    ['<span><div>', '<b>deep</b>'],
    ['<b style="font-weight:normal"><p>', '<i>deep</i>'],
    ['<table><tr><td>', '<b>deep</b>'],
    ['<ul>', '<li>deep'],
    ['<blockquote>', 'deep'],
    ['<b><i>', 'deep'],
  ])('goes through %s once, however often it is nested', (open, core) => {
    expect(paste(open.repeat(200) + core)).toContain('deep')
  })
  it('keeps the rows of tables in tables apart', () => {
    const inner = '<table><tr><td>c</td><td>d</td></tr></table>'
    expect(paste(`<table><tr><td>a</td><td>${inner}</td></tr></table>`)).toBe('| a | cd |\n| --- | --- |')
  })
  it('takes long runs of spaces, line breaks and backticks', () => {
    expect(paste(`<b>a${'<br>'.repeat(5000)}</b>b`)).toBe('**a**\n\nb')
    expect(paste(`<b>a</b>${'&nbsp;'.repeat(40_000)}b`)).toMatch(/^\*\*a\*\* {40000}b$/)
    expect(paste(`<pre>${'` '.repeat(150_000)}</pre>`)).toMatch(/^```\n(?:` ){149999}`/)
  })
})
