import { expect, it } from 'vitest'

import { isMarkdown } from './paste'

it.each([
  '# a\n```js\nx\n```',
  '这是**重点**',
  'see [docs](https://a.cn)',
  '- a\n- b',
  '1. a\n2. b',
  '- [ ] a',
  '> a\n> b',
  '| a | b |\n| --- | --- |\n| 1 | 2 |',
])('takes for Markdown: %j', (text) => expect(isMarkdown(text)).toBe(true))

it.each([
  'ls *.rs *.ts',
  '# a comment\nx = 1',
  '__init__.py',
  'a - b\nc - d',
  '2**3**4',
  '- one line',
  'https://a.cn/a_b_c',
  '1. only',
  '[INFO] started',
])('leaves as it is: %j', (text) => expect(isMarkdown(text)).toBe(false))
