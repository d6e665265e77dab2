import { formulaEnd } from '../../../../lib/markdown/math'
import { addresses } from './reader'

/** A stretch of a line: words as they should be read, or signs that mean something. */
export interface Piece {
  kind: 'text' | 'sign'
  text: string
  /** Inside a link's words. */
  linked?: boolean
}

/** Escapes only what would mean something where it stands. */
export function escapeLine(pieces: readonly Piece[]): string {
  return join(pieces, needsEscape, (url) => url)
}

/** Escapes whatever could mean something anywhere; for lines in which that depends on too much. */
export function escapeAll(pieces: readonly Piece[]): string {
  return join(
    pieces,
    (all, i) =>
      !isDollarEscape(all, i) && !/[\sA-Za-z0-9.,;:'"/%@?=$^{}-]/.test(all[i]!) && all.charCodeAt(i) < 128,
    (url) => `<${url}>`,
    true,
  )
}

/**
 * Where the renderer would see formulas, `[start, end, whole]`: what is within stays as it was typed. One that
 * mentions, code or the signs of marks are in is none: its first dollar alone is given, to be escaped.
 */
function formulasIn(pieces: readonly Piece[], all: string): [number, number, boolean][] {
  const found: [number, number, boolean][] = []
  if (!all.includes('$')) return found
  const signs: [number, number][] = []
  let from = 0
  for (const { kind, text } of pieces) {
    if (kind === 'sign') signs.push([from, from + text.length])
    from += text.length
  }
  for (let i = all.indexOf('$'); i >= 0; i = all.indexOf('$', i + 1)) {
    const end = isDollarEscape(all, i - 1) ? -1 : formulaEnd(all, i)
    if (end < 0 || signs.some(([begin, stop]) => begin <= i && i < stop)) continue
    const whole = !signs.some(([begin, stop]) => begin < end && stop > i)
    found.push([i, whole ? end : i + 1, whole])
    if (whole) i = end - 1
  }
  return found
}

/** `\$` is how a dollar is typed that begins no formula. */
const isDollarEscape = (all: string, i: number) => all[i] === '\\' && all[i + 1] === '$'

const PUNCTUATION = /[!-/:-@[-`{-~]/
const WORD = /[A-Za-z0-9]/

function join(
  pieces: readonly Piece[],
  escapes: (all: string, i: number, linked: boolean) => boolean,
  address: (url: string) => string,
  apart = false,
): string {
  const all = pieces.map((p) => p.text).join('')
  const start = lineStart(all)
  const formulas = formulasIn(pieces, all)
  let out = ''
  let from = 0
  pieces.forEach((piece, index) => {
    if (piece.kind === 'sign') out += piece.text
    else {
      const inFormula = (i: number) => formulas.some(([begin, end]) => begin <= from + i && from + i < end)
      const urls = piece.linked ? [] : addresses(piece.text).filter(([begin]) => !inFormula(begin))
      const beside = (i: number) =>
        apart &&
        ((i === 0 && pieces[index - 1]?.kind === 'sign') ||
          (i === piece.text.length - 1 && pieces[index + 1]?.kind === 'sign'))
      for (let i = 0; i < piece.text.length; i++) {
        const url = urls.find(([begin]) => begin === i)
        if (url) {
          out += address(piece.text.slice(...url))
          i = url[1] - 1
          continue
        }
        const c = piece.text[i]!
        const at = from + i
        const formula = formulas.find(([begin, end]) => begin <= at && at < end)
        if (formula) out += formula[2] ? c : `\\${c}`
        else if (EDGE_SPACE.test(c) && (at === 0 || at === all.length - 1)) out += `&#${c.charCodeAt(0)};`
        else if (at === start || escapes(all, at, piece.linked === true)) out += `\\${c}`
        // A letter beside a sign decides whether the sign counts; its number does not.
        else if (beside(i) && WORD.test(c)) out += `&#${c.charCodeAt(0)};`
        else out += c
      }
    }
    from += piece.text.length
  })
  return out
}

/** White space that is not lost at a line's ends when written as a number, such as the wide ones that begin Chinese paragraphs. */
const EDGE_SPACE = /[^\S \t\n]/

/** The character that would make a line something else than text, if any. */
function lineStart(line: string): number {
  if (/^(?:#{1,6}(?=\s|$)|>|[-+*](?=\s|$)|-+\s*$|=+\s*$|(?:[-_*][ \t]*){3,}$|\[[ xX]\][ \u3000])/.test(line))
    return 0
  const number = /^\d{1,9}(?=[.)](?:\s|$))/.exec(line)
  return number ? number[0].length : -1
}

function needsEscape(all: string, i: number, linked: boolean): boolean {
  const before = all[i - 1] ?? ' '
  const after = all[i + 1] ?? ' '
  switch (all[i]) {
    case '\\':
      return !isDollarEscape(all, i) && (i + 1 === all.length || PUNCTUATION.test(after))
    case '`':
      return true
    case '*':
      return !(/\s/.test(before) && /\s/.test(after))
    case '_':
      return underscore(all, i)
    case '~':
      return before === '~' || after === '~'
    case '[':
      return linked
    case ']':
      return linked || after === '(' || after === ':' || after === '['
    case '!':
      return after === '['
    case '<':
      return /^<(?:[@#]|[^\s<>]*[:@])/.test(all.slice(i, i + 200))
    case '&':
      return /^&(?:#x?[0-9a-f]{1,8}|[a-z][a-z0-9]{0,40});/i.test(all.slice(i, i + 48))
    case '#':
      return false
    default:
      return false
  }
}

/** Underscores inside a word mean nothing. */
function underscore(all: string, i: number): boolean {
  let from = i
  let to = i
  while (all[from - 1] === '_') from--
  while (all[to + 1] === '_') to++
  const before = all[from - 1] ?? ' '
  const after = all[to + 1] ?? ' '
  return !(WORD.test(before) && WORD.test(after)) && !(/\s/.test(before) && /\s/.test(after))
}
