import type { Principal } from './types'

/** Folds for finding: compatibility forms, case and marks away, runs of spaces to one. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
}

/**
 * How well a principal matches a folded query: 0 is best, null not at all. Names come before pinyin and
 * initials, starts before middles; people who are gone come last.
 */
export function rank(principal: Principal, query: string): number | null {
  const { name, key } = folded(principal)
  const base = rankText(name, key, query)
  if (base === null) return null
  return base + (principal.state === 'active' ? 0 : 10)
}

const foldedNames = new WeakMap<Principal, { name: string; key: string }>()

/** Folding is most of the work of a search among thousands. */
function folded(principal: Principal): { name: string; key: string } {
  let known = foldedNames.get(principal)
  if (!known) {
    known = { name: fold(principal.name), key: fold(principal.search_key) }
    foldedNames.set(principal, known)
  }
  return known
}

function rankText(name: string, key: string, query: string): number | null {
  if (query === '' || name === query) return 0
  if (name.startsWith(query)) return 1
  if (startsWord(name, query)) return 2
  if (startsWord(key, query)) return 3
  if (name.includes(query)) return 4
  // `zhang wei` finds the key `zhangwei`.
  const tight = query.replaceAll(' ', '')
  if (startsWord(key, tight)) return 5
  return key.includes(query) ? 6 : null
}

function startsWord(text: string, query: string): boolean {
  return text.startsWith(query) || text.includes(` ${query}`)
}
