/** The filters of the query language; the server knows the same. */
export const FILTERS = ['from', 'in', 'has', 'is', 'mentions', 'on', 'before', 'after', 'topic'] as const
export type FilterName = (typeof FILTERS)[number]

export const HAS = ['link', 'file', 'image', 'code', 'reaction', 'pin'] as const
export const IS = ['thread', 'edited', 'pinned'] as const
export const DAYS = ['today', 'yesterday', 'week', 'month', 'year'] as const

/** Longest query that the server reads. */
export const MAX_QUERY = 500

/** The piece of a query that the caret is in. */
export interface Piece {
  start: number
  end: number
  negated: boolean
  /** The filter before the colon, if it is one. */
  filter: FilterName | null
  /** What was typed after the colon, or all of it. */
  typed: string
}

/** The pieces of a query: words, phrases and filters, quotes kept together. */
export function pieces(query: string): Piece[] {
  const found: Piece[] = []
  for (const match of query.matchAll(/-?(?:[a-z]+[:：])?(?:"[^"]*"?|“[^”]*”?)|\S+/gi)) {
    const text = match[0]
    const [, minus, name, rest] = /^(-?)(?:([a-z]+)[:：])?([\s\S]*)$/i.exec(text) ?? []
    const filter = FILTERS.find((each) => each === name?.toLowerCase()) ?? null
    const typed = filter ? (rest ?? '') : text.slice(minus?.length ?? 0)
    found.push({
      start: match.index,
      end: match.index + text.length,
      negated: minus === '-' && text.length > 1,
      filter,
      typed: typed.replace(/^["“]|["”]$/g, ''),
    })
  }
  return found
}

/** The piece that ends or stands at the caret; none between two. */
export function pieceAt(query: string, caret: number): Piece | null {
  return pieces(query).find((piece) => piece.start < caret && caret <= piece.end) ?? null
}

/** A filter as it is written: quoted where its value has spaces. */
export function written(filter: FilterName, value: string, negated = false): string {
  const plain = value.replaceAll('"', '')
  return `${negated ? '-' : ''}${filter}:${/\s/.test(plain) ? `"${plain}"` : plain}`
}

/** The query with a piece replaced (or, without one, with something added), and where the caret goes. */
export function replaced(query: string, piece: Piece | null, text: string): { query: string; caret: number } {
  if (!piece) {
    const before = query.trimEnd()
    const next = `${before}${before && ' '}${text}`
    return { query: next, caret: next.length }
  }
  const head = query.slice(0, piece.start) + text
  return { query: head + query.slice(piece.end), caret: head.length }
}

/** The query without its filters of these names. */
export function without(query: string, names: readonly FilterName[]): string {
  let out = ''
  let from = 0
  for (const piece of pieces(query)) {
    if (!piece.filter || !names.includes(piece.filter)) continue
    out += query.slice(from, piece.start)
    from = piece.end
  }
  return (out + query.slice(from)).replace(/ {2,}/g, ' ').trim()
}

/** The words of a query, without filters: what people and channels are looked for with. */
export function words(query: string): string {
  return pieces(query)
    .filter((piece) => !piece.filter && !piece.negated)
    .map((piece) => piece.typed)
    .join(' ')
    .trim()
}
