import { describe, expect, it } from 'vitest'

import { unescaped } from '../useCommands'
import { parseCommand } from './parse'

describe('commands', () => {
  it('are a slash and a name at the start', () => {
    expect(parseCommand('/topic Release 2')).toEqual({ name: 'topic', args: 'Release 2' })
    expect(parseCommand('/Topic')).toEqual({ name: 'topic', args: '' })
    expect(parseCommand('／提醒 我 明天')).toEqual({ name: '提醒', args: '我 明天' })
    expect(parseCommand('/me\ntwo lines')).toEqual({ name: 'me', args: 'two lines' })
  })
  it.each(['/usr/bin/env', '//topic', '/', '/ topic', 'a /topic', '/1', '/a.b c', '/* x */', ''])(
    'are not %j',
    (text) => expect(parseCommand(text)).toBeNull(),
  )
  it('are escaped by a second slash', () => {
    expect(unescaped('//topic x')).toBe('/topic x')
    expect(unescaped('///x')).toBe('//x')
    expect(unescaped('/topic x')).toBe('/topic x')
    expect(unescaped('a //b')).toBe('a //b')
  })
})
