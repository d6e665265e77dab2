import { describe, expect, it } from 'vitest'

const sources = import.meta.glob<string>('../../../crates/*/src/**/*.rs', {
  query: '?raw',
  import: 'default',
  eager: true,
})
/** What each feature, and all of them, say of refusals. */
const words = import.meta.glob<{ problem?: Record<string, string> }>('../src/i18n/en/*.json', {
  import: 'default',
  eager: true,
})
/** How the server's code names a specific refusal. */
const CODES = /(?:\.code\(|Fault::(?:conflict|gone)\(\s*)"([a-z_]+)"/g

describe('refusals of the server', () => {
  it('each have words for people', () => {
    const codes = new Set<string>()
    for (const source of Object.values(sources)) {
      for (const [, code] of source.matchAll(CODES)) if (code) codes.add(code)
    }
    expect(codes.size).toBeGreaterThan(10)
    const known = Object.assign({}, ...Object.values(words).map((each) => each.problem ?? {})) as object
    expect([...codes].filter((code) => !(code in known))).toEqual([])
  })
})
