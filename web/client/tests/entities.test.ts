// @vitest-environment jsdom
import { decodeHTMLStrict as table } from 'entities'
import { describe, expect, it } from 'vitest'
import { decodeHTMLStrict } from '../src/lib/markdown/entities'

describe('the browser decodes entities as the table does', () => {
  it.each([
    '&amp;',
    '&lt;',
    '&copy;',
    '&nbsp;',
    '&CounterClockwiseContourIntegral;',
    '&semi;',
    '&ampx;',
    '&nosuch;',
  ])('%s', (entity) => expect(decodeHTMLStrict(entity)).toBe(table(entity)))
})
