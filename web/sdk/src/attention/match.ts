import type { Alerts, Message } from '../types'

/** Finding keywords in messages, as the server does (`messaging::attention::matcher`). */

const WORD = /[\p{L}\p{N}\p{Alphabetic}]/u
const GRAM =
  /[\u2600-\u27bf\u2e80-\u2fdf\u3005-\u3007\u3040-\u312f\u3131-\u318e\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f\u{1f000}-\u{1faff}\u{20000}-\u{3ffff}]/u

const isWord = (char: string): boolean => WORD.test(char) && !GRAM.test(char)

/** Lower case, full-width forms as ordinary ones; markup that hides words away, ids and white space as one space. */
export function normal(text: string): string {
  let out = ''
  for (const char of text.replace(/<[@#][^>]{0,37}>/g, ' ')) {
    if (char === '*' || char === '~' || char === '`') continue
    const code = char.codePointAt(0) as number
    const narrow = code >= 0xff01 && code <= 0xff5e ? String.fromCodePoint(code - 0xfee0) : char
    if (/\s/u.test(narrow)) {
      if (out && !out.endsWith(' ')) out += ' '
      continue
    }
    const [lower] = narrow.toLowerCase()
    out += lower ?? narrow
  }
  return out.trimEnd()
}

/** Where `keyword` stands in `text`, both normal; -1 where it does not. */
export function findKeyword(text: string, keyword: string): number {
  if (!keyword) return -1
  for (let at = text.indexOf(keyword); at >= 0; at = text.indexOf(keyword, at + 1)) {
    const before = Array.from(text.slice(Math.max(0, at - 2), at)).at(-1)
    const [after] = text.slice(at + keyword.length, at + keyword.length + 2)
    const chars = [...keyword]
    const cut = (inside: string | undefined, outside: string | undefined): boolean =>
      inside !== undefined && outside !== undefined && isWord(inside) && isWord(outside)
    if (!cut(chars[0], before) && !cut(chars.at(-1), after)) return at
  }
  return -1
}

/** What alerts look for in: what the author wrote, and the names of files. */
export function alertText(message: Pick<Message, 'content'>): string {
  return message.content.parts
    .map((part) => {
      if (part.type === 'markdown' || part.type === 'forward') return part.text
      if (part.type === 'files') return part.files.map((file) => file.name).join('\n')
      return ''
    })
    .join('\n')
}

/** Alerts made ready to be looked for. */
export class Matcher {
  readonly #keywords: readonly { word: string; normal: string }[]
  readonly #people: ReadonlySet<string>

  constructor(alerts: Alerts) {
    this.#keywords = alerts.keywords.map((word) => ({ word, normal: normal(word) }))
    this.#people = new Set(alerts.people)
  }

  /** My keywords that a message holds, as I wrote them. */
  keywords(message: Pick<Message, 'content'>): string[] {
    if (!this.#keywords.length) return []
    const text = normal(alertText(message))
    return this.#keywords.filter(({ normal }) => findKeyword(text, normal) >= 0).map(({ word }) => word)
  }

  watches(person: string): boolean {
    return this.#people.has(person)
  }
}
