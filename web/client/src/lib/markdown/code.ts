/** A run of code of one kind ('' for plain); kinds are highlight.js scopes such as `keyword`. */
export interface CodeSpan {
  v: string
  k: string
}

/** Longer code stays uncoloured: the reader's scrolling matters more. */
const MAX_COLOURED = 20_000

const cache = new Map<string, CodeSpan[][] | null>()

/** Coloured lines if they are at hand; `undefined` when they could still be loaded, `null` when there are none. */
export function cachedHighlight(lang: string, code: string): CodeSpan[][] | null | undefined {
  if (!lang || code.length > MAX_COLOURED) return null
  return cache.get(lang + '\n' + code)
}

/** Loads the highlighter if needed and colours the code. */
export async function loadHighlight(lang: string, code: string): Promise<CodeSpan[][] | null> {
  const known = cachedHighlight(lang, code)
  if (known !== undefined) return known
  const { highlight } = await import('./highlight')
  const lines = highlight(lang.toLowerCase(), code) ?? null
  if (cache.size > 500) cache.delete(cache.keys().next().value!)
  cache.set(lang + '\n' + code, lines)
  return lines
}
