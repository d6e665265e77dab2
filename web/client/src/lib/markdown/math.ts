import type { MarkdownIt, StateBlock, StateInline } from 'markdown-it'

const DOLLAR = 0x24
const BACKSLASH = 0x5c
/** Lines that one formula may have; keeps the search for its end short. */
const MAX_LINES = 100
/** Longer formulas stay text. */
const MAX_CHARS = 4_000

/**
 * Where the formula that opens at `from` ends, or -1. Pandoc's rule, so that money stays money: no white space
 * inside the dollars, no digit after them. Stricter than pandoc where shell code looks like a formula: the next
 * dollar that is not escaped closes or nothing does, nothing that begins a name may follow it (`$HOME/$PATH`),
 * no letter or digit may come before (`US$5`), and a back tick ends the search.
 */
export function formulaEnd(text: string, from: number): number {
  const double = text.charCodeAt(from + 1) === DOLLAR
  const begin = from + (double ? 2 : 1)
  if (/[A-Za-z0-9_$]/.test(text[from - 1] ?? '') || !/[^\s$]/.test(text[begin] ?? ' ')) return -1
  const most = Math.min(text.length, begin + MAX_CHARS)
  for (let i = begin; i < most; i++) {
    const c = text[i]!
    if (c === '\n' || c === '`') return -1
    if (c === '\\') i++
    else if (c === '$') return closes(text, begin, i, double) ? i + (double ? 2 : 1) : -1
  }
  return -1
}

function closes(text: string, begin: number, at: number, double: boolean): boolean {
  if (at === begin || /\s/.test(text[at - 1]!)) return false
  if (double) return text[at + 1] === '$' && text[at + 2] !== '$'
  return !/[A-Za-z0-9_{($]/.test(text[at + 1] ?? '')
}

/** `$…$` and `$$…$$` become tokens whose content is TeX and whose markup is the dollars. */
export function formulas(md: MarkdownIt): void {
  md.inline.ruler.after('escape', 'weft_formula', (state: StateInline, silent: boolean) => {
    if (state.src.charCodeAt(state.pos) !== DOLLAR) return false
    if (state.src.charCodeAt(state.pos - 1) === BACKSLASH) return false
    const end = formulaEnd(state.src, state.pos)
    if (end < 0 || end > state.posMax) return false
    if (!silent) {
      const token = state.push('weft_formula', '', 0)
      token.markup = state.src.startsWith('$$', state.pos) ? '$$' : '$'
      token.content = state.src.slice(state.pos + token.markup.length, end - token.markup.length)
    }
    state.pos = end
    return true
  })
  md.block.ruler.before('fence', 'weft_formula_block', blockFormula, {
    alt: ['paragraph', 'reference', 'blockquote', 'list'],
  })
}

/** Lines that begin with `$$` and go on until a line that ends with it; one that never ends is text. */
function blockFormula(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  const line = (n: number) => state.src.slice(state.bMarks[n]! + state.tShift[n]!, state.eMarks[n])
  const first = line(start)
  if (!first.startsWith('$$') || state.sCount[start]! - state.blkIndent >= 4) return false
  const lines = [first.slice(2)]
  let last = start
  while (!lines.at(-1)!.trimEnd().endsWith('$$')) {
    if (++last >= end || last - start > MAX_LINES || state.sCount[last]! < state.blkIndent) return false
    lines.push(line(last))
  }
  const tex = lines.join('\n').trimEnd().slice(0, -2).trim()
  if (tex === '' || tex.includes('$$') || tex.length > MAX_CHARS) return false
  if (silent) return true
  const token = state.push('weft_formula_block', '', 0)
  token.block = true
  token.markup = '$$'
  token.content = tex
  token.map = [start, last + 1]
  state.line = last + 1
  return true
}
