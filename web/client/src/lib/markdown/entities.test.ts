// @vitest-environment jsdom
import { expect, it } from 'vitest'

import { decodeHTMLStrict } from './entities'

it('decodes named and numeric references as the parser asks for them', () => {
  expect(decodeHTMLStrict('&amp;')).toBe('&')
  expect(decodeHTMLStrict('&hearts;&#20320;&#x597d;')).toBe('♥你好')
  expect(decodeHTMLStrict('&nbsp;')).toBe('\u00a0')
})
it('leaves unknown and unfinished ones', () => {
  expect(decodeHTMLStrict('&nosuchname; &amp &#;')).toBe('&nosuchname; &amp &#;')
  expect(decodeHTMLStrict('&lt;script&gt;')).toBe('<script>')
  expect(decodeHTMLStrict('&ampx; &#32;&semi;')).toBe('&ampx;  ;')
})
