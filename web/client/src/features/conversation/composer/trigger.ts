/** What a completion menu is asked for, from `start` (the sign itself) to the caret. */
export interface Trigger {
  kind: 'person' | 'channel' | 'emoji' | 'command'
  start: number
  query: string
}

const KINDS: Record<string, Trigger['kind']> = {
  '@': 'person',
  '＠': 'person',
  '#': 'channel',
  '＃': 'channel',
  ':': 'emoji',
}
/** Not after a Latin letter or digit (mail addresses, times, `a#b`); after Chinese it needs no space. */
const AT_END = /(?<![A-Za-z0-9_/&])([@＠#＃:])([^\s@＠#＃:，。！？、；]{0,24})$/

/** A command stands at the very beginning; a path or a second slash is none. */
const COMMAND = /^[/／]([\p{L}\p{N}_-]{0,32})$/u

/** The completion that the text before the caret asks for, if any. `first`: the text begins the message. */
export function triggerAt(text: string, caret: number, first = true): Trigger | null {
  const command = first && caret <= 33 ? COMMAND.exec(text.slice(0, caret)) : null
  if (command) return { kind: 'command', start: 0, query: command[1]! }
  const lineStart = text.lastIndexOf('\n', caret - 1) + 1
  const before = text.slice(Math.max(lineStart, caret - 40), caret)
  const hit = AT_END.exec(before)
  if (!hit) return null
  const kind = KINDS[hit[1]!]!
  const query = hit[2]!
  // ":" alone is a colon, and ":)" or ":3" are smileys; "# " at a line's start is a heading.
  if (kind === 'emoji' && !/^[\p{L}+][\p{L}\p{N}_+-]*$/u.test(query)) return null
  return { kind, start: caret - hit[0].length, query }
}
