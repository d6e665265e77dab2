import { makeParser } from '../../../../lib/markdown/parse'

let parser: ReturnType<typeof makeParser> | undefined

/** The renderer's parser, except that a bare address and an escaped dollar stay as they were typed. */
export function markdown() {
  if (!parser) {
    parser = makeParser()
    parser.normalizeLinkText = (text) => text
    // Escapes stay tokens of their own, see `fromMarkdown`.
    parser.core.ruler.disable('text_join')
  }
  return parser
}

/** Where the renderer sees bare addresses with a scheme, `[start, end)`: marks inside mean nothing. */
export function addresses(text: string): [number, number][] {
  const found: [number, number][] = []
  for (const hit of text.matchAll(/(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,9}(?=:\/\/)/gi)) {
    if (hit.index < (found.at(-1)?.[1] ?? 0)) continue
    const url = markdown().linkify.matchAtStart(text.slice(hit.index))?.url.replace(/\*+$/, '')
    if (url) found.push([hit.index, hit.index + url.length])
  }
  return found
}

/** Whether the renderer would follow a link to there. */
export const linkable = (href: string) => markdown().validateLink(href)
