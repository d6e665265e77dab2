/** A text with a selection, as in a textarea. */
export interface Selected {
  text: string
  start: number
  end: number
}

/** A replacement of `[from, to)`, and what is selected afterwards. */
export interface Edit {
  from: number
  to: number
  insert: string
  select: [number, number]
}

export type Format =
  | 'bold'
  | 'italic'
  | 'strike'
  | 'code'
  | 'codeBlock'
  | 'quote'
  | 'list'
  | 'numbered'
  | 'task'
  | 'link'
  | 'table'

const MARKS: Partial<Record<Format, string>> = { bold: '**', italic: '*', strike: '~~', code: '`' }
const PREFIXES: Partial<Record<Format, (n: number) => string>> = {
  quote: () => '> ',
  list: () => '- ',
  numbered: (n) => `${n + 1}. `,
  task: () => '- [ ] ',
}
const ANY_PREFIX = /^(?:> |- \[[ x]\] |- |\d+\. )/

/** The edit that a toolbar button makes; pressing it again takes the marks away. */
export function applyFormat(format: Format, s: Selected): Edit {
  const mark = MARKS[format]
  if (mark) return wrap(s, mark)
  const prefix = PREFIXES[format]
  if (prefix) return prefixLines(s, prefix)
  if (format === 'link') return link(s)
  return format === 'codeBlock' ? codeBlock(s) : table(s)
}

function wrap({ text, start, end }: Selected, mark: string): Edit {
  const n = mark.length
  const inner = text.slice(start, end)
  if (text.slice(start - n, start) === mark && text.slice(end, end + n) === mark)
    return { from: start - n, to: end + n, insert: inner, select: [start - n, end - n] }
  // Marks around spaces would not be read as marks.
  const lead = /^\s*/.exec(inner)![0].length
  const tail = inner.length > lead ? /\s*$/.exec(inner)![0].length : 0
  const core = inner.slice(lead, inner.length - tail)
  const insert = inner.slice(0, lead) + mark + core + mark + inner.slice(inner.length - tail)
  const from = start + lead + n
  return { from: start, to: end, insert, select: [from, from + core.length] }
}

function lineBounds({ text, start, end }: Selected): [number, number] {
  const from = text.lastIndexOf('\n', start - 1) + 1
  const stop = text.indexOf('\n', Math.max(start, end - (text[end - 1] === '\n' && end > start ? 1 : 0)))
  return [from, stop < 0 ? text.length : stop]
}

function prefixLines(s: Selected, prefix: (n: number) => string): Edit {
  const [from, to] = lineBounds(s)
  const lines = s.text.slice(from, to).split('\n')
  const has = lines.every(
    (l, i) => l.startsWith(prefix(i)) && !(prefix(i) === '- ' && /^- \[[ x]\] /.test(l)),
  )
  const insert = lines
    .map((l, i) => (has ? l.slice(prefix(i).length) : prefix(i) + l.replace(ANY_PREFIX, '')))
    .join('\n')
  const at = from + insert.length
  return { from, to, insert, select: lines.length > 1 ? [from, at] : [at, at] }
}

function codeBlock(s: Selected): Edit {
  const inner = s.text.slice(s.start, s.end)
  const before = s.start > 0 && s.text[s.start - 1] !== '\n' ? '\n' : ''
  const after = s.end < s.text.length && s.text[s.end] !== '\n' ? '\n' : ''
  const fence = '`'.repeat(Math.max(3, longestTicks(inner) + 1))
  const at = s.start + before.length + fence.length + 1
  return {
    from: s.start,
    to: s.end,
    insert: `${before}${fence}\n${inner}\n${fence}${after}`,
    select: [at, at + inner.length],
  }
}

function longestTicks(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map((m) => m[0].length))
}

function link(s: Selected): Edit {
  const inner = s.text.slice(s.start, s.end)
  if (/^https?:\/\/\S+$/.test(inner)) {
    return { from: s.start, to: s.end, insert: `[](${inner})`, select: [s.start + 1, s.start + 1] }
  }
  const at = s.start + inner.length + 3
  return { from: s.start, to: s.end, insert: `[${inner}](https://)`, select: [at, at + 8] }
}

function table(s: Selected): Edit {
  const before = s.start > 0 ? (s.text[s.start - 1] === '\n' ? '' : '\n') : ''
  const insert = `${before}|   |   |\n| --- | --- |\n|   |   |\n`
  const at = s.start + before.length + 2
  return { from: s.end, to: s.end, insert, select: [at + (s.end - s.start), at + (s.end - s.start)] }
}

/** Enter inside a list or quote carries its mark on; on an empty item it ends the list. Null elsewhere. */
export function continueList({ text, start, end }: Selected): Edit | null {
  if (start !== end) return null
  const from = text.lastIndexOf('\n', start - 1) + 1
  const line = text.slice(from, start)
  const hit = /^(\s*)(> |- \[[ xX]\] |[-*+] |(\d+)([.)]) )(.*)$/.exec(line)
  if (!hit) return null
  if (hit[5] === '') return { from, to: start, insert: '', select: [from, from] }
  const mark = hit[3] ? `${Number(hit[3]) + 1}${hit[4]} ` : hit[2]!.replace(/\[[xX]\]/, '[ ]')
  const insert = `\n${hit[1]}${mark}`
  return { from: start, to: start, insert, select: [start + insert.length, start + insert.length] }
}

/** Whether a place lies inside an open code fence. */
export function inFence(text: string, at: number): boolean {
  const fences = text.slice(0, at).match(/^ {0,3}(?:`{3,}|~{3,})/gm)
  return fences !== null && fences.length % 2 === 1
}
