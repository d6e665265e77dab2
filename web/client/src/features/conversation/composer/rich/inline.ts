import type { Node as Doc } from '@tiptap/pm/model'

import { escapeAll, escapeLine, type Piece } from './escape'
import { fromMarkdown } from './fromMarkdown'
import { linkable } from './reader'

/** A word, the white space between words, code, or a mention, with the marks over it. */
interface Run {
  kind: 'word' | 'space' | 'code' | 'atom'
  text: string
  marks: Set<string>
}

/** Signs of marks, the usual ones first; the others part runs of signs that would be read as one. */
const SIGNS: [Signs, ...Signs[]] = [
  { bold: '**', strike: '~~', italic: '*' },
  { bold: '**', strike: '~~', italic: '_' },
  { bold: '__', strike: '~~', italic: '*' },
]
type Signs = Record<string, string>
/** Outermost first where several begin and end together. A link is `link ` and its address. */
const RANK = ['link', 'bold', 'strike', 'italic']
const rank = (mark: string) => RANK.findIndex((name) => mark.startsWith(name))

const cache = new WeakMap<Doc, string>()

/** The content of a paragraph or heading as one line of Markdown; checked by reading it as the renderer does. */
export function inlineMarkdown(block: Doc): string {
  const known = cache.get(block)
  if (known !== undefined) return known
  const runs = tidy(runsOf(block))
  const line = write(block, runs)
  cache.set(block, line)
  return line
}

/** Most text means nothing to the parser. */
const PLAIN = /^(?!\d+[.)])[^\s*_~`[\]<>#|\\:@&+=.()!-](?:[^*_~`[\]<>#|\\:@&!]*[^\s*_~`[\]<>#|\\:@&!])?$/

function write(block: Doc, runs: readonly Run[]): string {
  if (runs.every((r) => (r.kind === 'word' || r.kind === 'space') && r.marks.size === 0)) {
    const text = runs.map((r) => r.text).join('')
    if (text === '' || (PLAIN.test(text) && !text.includes('www'))) return text
  }
  const wanted = shape(runs)
  for (const escape of [escapeLine, escapeAll]) {
    for (const signs of SIGNS) {
      const line = escape(pieces(runs, signs))
      if (reads(block, line) === wanted) return line
    }
  }
  // Marks that Markdown cannot tell apart here: the outermost of each word has to do, or none.
  const most = runs.reduce((max, r) => Math.max(max, r.marks.size), 0)
  if (most === 0) return escapeAll(pieces(runs, SIGNS[0]))
  const fewer = runs.map((r) => ({ ...r, marks: new Set([...r.marks].sort(byRank).slice(0, most - 1)) }))
  return write(block, tidy(fewer))
}

const byRank = (a: string, b: string) => rank(a) - rank(b)

/** What a line says to the renderer, in the form of `shape`; null when it is more than a line of text. */
function reads(block: Doc, line: string): string | null {
  const doc = fromMarkdown(block.type.schema, line)
  const only = doc.firstChild
  return doc.childCount === 1 && only?.type.name === 'paragraph' ? shape(tidy(runsOf(only))) : null
}

function runsOf(block: Doc): Run[] {
  const runs: Run[] = []
  block.forEach((node) => {
    const marks = new Set<string>()
    let isCode = false
    for (const mark of node.marks) {
      const href = String(mark.attrs['href'] ?? '')
      if (mark.type.name === 'code') isCode = true
      else if (mark.type.name !== 'link') marks.add(mark.type.name)
      else if (href && linkable(href)) marks.add(`link ${href}`)
    }
    if (!node.isText) runs.push({ kind: 'atom', text: String(node.attrs['wire'] ?? ''), marks })
    else if (isCode) runs.push({ kind: 'code', text: node.text!, marks })
    else
      for (const text of node.text!.split(/(\s+)/))
        if (text) runs.push({ kind: /^\s/.test(text) ? 'space' : 'word', text, marks: new Set(marks) })
  })
  return runs
}

/** Takes marks off the white space at their ends, where Markdown would not read them, and spaces off the line's. */
function tidy(runs: readonly Run[]): Run[] {
  const out: Run[] = []
  for (const run of runs) {
    const last = out.at(-1)
    if (run.kind !== 'space' || last?.kind !== 'space') out.push({ ...run, marks: new Set(run.marks) })
    else {
      last.text += run.text
      for (const mark of last.marks) if (!run.marks.has(mark)) last.marks.delete(mark)
    }
  }
  if (out.every((r) => r.kind === 'space')) return []
  const first = out[0]!
  const end = out.at(-1)!
  if (first.kind === 'space') first.text = first.text.replace(/^[ \t\n]+/, '')
  if (end.kind === 'space') end.text = end.text.replace(/[ \t\n]+$/, '')
  if (first.text === '') out.shift()
  if (end.text === '') out.pop()
  for (const mark of new Set(out.flatMap((r) => [...r.marks]))) {
    for (const step of [1, -1]) {
      let inside = false
      for (let i = step > 0 ? 0 : out.length - 1; out[i]; i += step) {
        const run = out[i]!
        if (!inside && run.kind === 'space') run.marks.delete(mark)
        inside = run.marks.has(mark)
      }
    }
  }
  return out
}

/** What is read, however it is written: equal for a line and for its source. */
function shape(runs: readonly Run[]): string {
  let out = ''
  let last = ''
  for (const r of runs) {
    // Nobody sees marks on white space.
    const key =
      r.kind === 'space' ? last : `${r.kind === 'code' ? 'code' : ''} ${[...r.marks].sort().join(',')}`
    if (key !== last || r.kind === 'atom') out += `\0${key}\0`
    last = key
    // A dollar is the same with and without its backslash.
    out += r.kind === 'space' ? r.text.replace(/[ \t]+/g, ' ') : r.text.replace(/\\(?=\$)/g, '')
  }
  return out
}

/** The runs with the signs of their marks between them. */
function pieces(runs: readonly Run[], signs: Signs): Piece[] {
  const out: Piece[] = []
  const open: string[] = []
  let held = ''
  const sign = (mark: string, end: boolean) => {
    const href = mark.startsWith('link ') ? destination(mark.slice(5)) : ''
    out.push({ kind: 'sign', text: href ? (end ? `](${href})` : '[') : signs[mark]! })
  }
  const closeDownTo = (depth: number) => {
    while (open.length > depth) sign(open.pop()!, true)
  }
  runs.forEach((run, i) => {
    if (run.kind === 'space') {
      held += run.text.replace(/[ \t\n]+/g, ' ')
      return
    }
    const stays = open.findIndex((mark) => !run.marks.has(mark))
    if (stays >= 0) closeDownTo(stays)
    if (held) out.push({ kind: 'text', text: held })
    held = ''
    const news = [...run.marks].filter((mark) => !open.includes(mark))
    if (news.length > 1) news.sort(byLength(runs, i, open))
    for (const mark of news) {
      sign(mark, false)
      open.push(mark)
    }
    const linked = open.some((mark) => mark.startsWith('link '))
    out.push(
      run.kind === 'code'
        ? codePiece(runs, i)
        : { kind: run.kind === 'atom' ? 'sign' : 'text', text: run.text, linked },
    )
  })
  closeDownTo(0)
  if (held) out.push({ kind: 'text', text: held })
  return out
}

/** Longest first of the marks that begin at a run; none outlasts those that are open. */
function byLength(runs: readonly Run[], from: number, open: readonly string[]) {
  const reach = (mark: string) => {
    let end = from
    while (runs[end]?.marks.has(mark)) end++
    return end
  }
  const most = Math.min(...open.map(reach))
  const length = (mark: string) => Math.min(reach(mark), most)
  return (a: string, b: string) => length(b) - length(a) || byRank(a, b)
}

function codePiece(runs: readonly Run[], i: number): Piece {
  const text = runs[i]!.text.replace(/\n/g, ' ')
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map((m) => m[0].length))
  let ticks = 1
  while (ticks <= longest && text.match(new RegExp(`(?<!\`)\`{${ticks}}(?!\`)`))) ticks++
  const pad = /^`|`$|^ .*[^ ].* $|^ [^ ] $/s.test(text) ? ' ' : ''
  const fence = '`'.repeat(ticks)
  return { kind: 'sign', text: fence + pad + text + pad + fence }
}

/** An address as it may stand between round brackets. */
function destination(href: string): string {
  return href.replace(
    /[\s\p{Cc}()<>\\]/gu,
    (c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
  )
}
