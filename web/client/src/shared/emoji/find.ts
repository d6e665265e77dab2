import type { OrgEmoji } from '@weft/sdk'

/** Emoji of the org's own for what is typed: by name, alias, pinyin or initials, the best first. */
export function findOrgEmoji(all: readonly OrgEmoji[], query: string, limit: number): OrgEmoji[] {
  const q = query.trim().replace(/^:|:$/g, '').toLowerCase()
  if (!q) return all.slice(0, limit)
  return all
    .map((emoji) => ({ emoji, rank: rank(emoji, q) }))
    .filter(({ rank }) => rank < 4)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, limit)
    .map(({ emoji }) => emoji)
}

function rank({ name, aliases, search_key = '' }: OrgEmoji, q: string): number {
  const names = [name, ...aliases]
  if (names.includes(q)) return 0
  if (names.some((each) => each.startsWith(q))) return 1
  if (search_key.split(' ').some((word) => word.startsWith(q))) return 2
  return names.some((each) => each.includes(q)) ? 3 : 4
}

/** What a file's name suggests as a name: letters a–z, Chinese characters and digits, joined by `_`. */
export function suggestedName(file: string): string {
  return file
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9\p{sc=Han}-]+/gu, '_')
    .replace(/^[_-]+|[_-]+$/g, '')
    .slice(0, 32)
    .replace(/[_-]+$/, '')
}
