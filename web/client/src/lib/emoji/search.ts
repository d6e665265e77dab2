/** One emoji: its character, its shortcodes (the first is the usual one) and the words it is found by. */
export interface Emoji {
  char: string
  codes: string[]
  en: string
  zh: string
  group: number
}

/** A row of data.json: character, shortcodes, English words, Chinese words. */
export type EmojiRow = [char: string, codes: string, en: string, zh: string]

/** Finds emoji by shortcode, English or Chinese words. */
export class EmojiIndex {
  readonly all: readonly Emoji[]
  readonly groups: readonly (readonly Emoji[])[]
  private readonly byCode = new Map<string, Emoji>()
  private readonly byChar = new Map<string, Emoji>()

  constructor(groups: EmojiRow[][]) {
    this.groups = groups.map((rows, group) =>
      rows.map(([char, codes, en, zh]) => ({ char, codes: codes.split(' '), en, zh, group })),
    )
    this.all = this.groups.flat()
    for (const e of this.all) {
      this.byChar.set(bare(e.char), e)
      for (const c of e.codes) if (!this.byCode.has(c)) this.byCode.set(c, e)
    }
  }

  /** The character for a shortcode without colons. */
  char(code: string): string | undefined {
    return this.byCode.get(code)?.char ?? this.byCode.get(code.replace(/-/g, '_'))?.char
  }

  find(char: string): Emoji | undefined {
    return this.byChar.get(bare(char))
  }

  /** The best matches for a query in either language, best first. */
  search(query: string, limit: number): Emoji[] {
    const q = query.trim().toLowerCase()
    if (!q) return this.all.slice(0, limit)
    const scored: [number, Emoji][] = []
    this.all.forEach((e) => {
      const s = score(e, q)
      if (s < Infinity) scored.push([s, e])
    })
    // Array.prototype.sort is stable: equals keep the table's order, which is by popularity within a group.
    return scored
      .sort((a, b) => a[0] - b[0])
      .slice(0, limit)
      .map(([, e]) => e)
  }
}

function score(e: Emoji, q: string): number {
  if (e.codes.includes(q) || e.zh === q || e.zh.startsWith(`${q} `)) return 0
  if (e.zh.split(' ').includes(q)) return 1
  if (e.codes.some((c) => c.startsWith(q))) return 2
  if (e.en.startsWith(q) || e.zh.startsWith(q)) return 3
  if (e.en.includes(' ' + q)) return 4
  if (e.zh.includes(q) || e.codes.some((c) => c.includes(q))) return 5
  return Infinity
}

/** Without variation selectors, which different keyboards add or leave out. */
function bare(char: string): string {
  return char.replace(/\ufe0f/g, '')
}
