import type { ConversationView } from '@weft/sdk'

/** How well a title answers a query: 0 the whole, 1 its beginning, 2 a word's beginning, 3 inside; null not at all. */
export function rankTitle(title: string, query: string): number | null {
  const t = title.toLowerCase()
  const q = query.toLowerCase()
  if (t === q) return 0
  if (t.startsWith(q)) return 1
  if (t.split(/[\s_\-./·]+/).some((w) => w.startsWith(q))) return 2
  return t.includes(q) ? 3 : null
}

/** Conversations for an empty query: unread ones with mentions first, then by last activity. */
export function recent(
  all: readonly ConversationView[],
  current: string | null,
  limit: number,
): ConversationView[] {
  return all
    .filter((c) => c.id !== current && !c.archived && !c.me.hidden)
    .sort((a, b) => Number(b.mentions > 0) - Number(a.mentions > 0) || b.last_at - a.last_at)
    .slice(0, limit)
}

/** How well a conversation answers: by its title, or by the pinyin and initials of its name, after a title as good. */
export function rankConversation(c: Findable, query: string): number | null {
  const title = rankTitle(c.title, query)
  const q = query.toLowerCase().replace(/\s+/g, '')
  if (title === 0 || q === '' || !c.search_key) return title
  const keyed = c.search_key.split(' ').some((key) => key.startsWith(q)) ? 1.5 : null
  return title === null ? keyed : keyed === null ? title : Math.min(title, keyed)
}

type Findable = Pick<ConversationView, 'title' | 'search_key'>

/** Conversations whose title fits, best first; equals by last activity. */
export function matching(all: readonly ConversationView[], query: string, limit: number): ConversationView[] {
  return all
    .map((c) => ({ c, rank: rankConversation(c, query) }))
    .filter((x): x is { c: ConversationView; rank: number } => x.rank !== null)
    .sort(
      (a, b) => a.rank - b.rank || Number(a.c.archived) - Number(b.c.archived) || b.c.last_at - a.c.last_at,
    )
    .slice(0, limit)
    .map((x) => x.c)
}
