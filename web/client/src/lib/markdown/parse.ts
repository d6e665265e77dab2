import createParser, { type MarkdownIt, type Token } from 'markdown-it'
import cjkFriendly from 'markdown-it-cjk-friendly'

import type { ElementTag, MdNode } from './nodes'
import { formulas } from './math'
import { mentions, taskLists, trimBareLinks } from './rules'

/** Longer texts are shown as they are: the server refuses more than 40,000 characters anyway. */
export const MAX_CHARS = 100_000
/** A tree with more nodes than this would cost more to show than it is worth. */
const MAX_NODES = 20_000
/** Marks that open or close something; thousands of them are an attack on the parser, not writing. */
const MAX_MARKS = 6_000
const MAX_NESTING = 40
/** Formulas and diagrams take long to draw: a message with more of them shows the rest as their source. */
const MAX_FORMULAS = 200
const MAX_DIAGRAMS = 10
const CACHE_CHARS = 2_000_000

const TLDS = 'com net org edu gov cn hk tw sg jp io dev app info biz eu uk de fr'.split(' ')

/** A parser of our Markdown; what shows messages and what edits them agree by sharing it. */
export function makeParser(): MarkdownIt {
  const md = new createParser({ html: false, breaks: true, linkify: true, maxNesting: MAX_NESTING })
  md.linkify.tlds(TLDS, false)
  return md.use(cjkFriendly).use(mentions).use(taskLists).use(trimBareLinks).use(formulas)
}

let parser: MarkdownIt | undefined
const cache = new Map<string, MdNode[]>()
let cachedChars = 0

/**
 * Parses a message text; never throws. What is too large, too deep or too dense to parse safely comes back as
 * one paragraph of plain text. Results are cached and must not be changed by the caller.
 */
export function parseMarkdown(text: string): MdNode[] {
  const known = cache.get(text)
  if (known) return known
  const nodes = parseFresh(text)
  if (text.length <= MAX_CHARS) remember(text, nodes)
  return nodes
}

function remember(text: string, nodes: MdNode[]): void {
  cachedChars += text.length + 64
  cache.set(text, nodes)
  for (const [old] of cache) {
    if (cachedChars <= CACHE_CHARS) break
    cache.delete(old)
    cachedChars -= old.length + 64
  }
}

function parseFresh(text: string): MdNode[] {
  if (isPlain(text) || !isParsed(text)) return plain(text)
  try {
    parser ??= makeParser()
    return new TreeBuilder().build(parser.parse(text, {}))
  } catch {
    return plain(text)
  }
}

/** Nothing in the text can mean anything to the parser: most chat messages. */
function isPlain(text: string): boolean {
  return !/[*_~`[\]<>#|\\:@&$\t.]|^ *(?:[-+=]|\d+\))|\n {4}|www/m.test(text)
}

/** Whether a text is read as Markdown at all; what could harm the parser is shown as it was typed. */
export function isParsed(text: string): boolean {
  return text.length <= MAX_CHARS && !tooDense(text)
}

function tooDense(text: string): boolean {
  let marks = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    // * _ ~ ` [ ] < > ( | \ & and backtick: the openers of everything that backtracks
    if (c === 42 || c === 95 || c === 126 || c === 96 || c === 91 || c === 93 || c === 60 || c === 62) marks++
    else if (c === 124 || c === 92 || c === 38 || c === 33) marks++
  }
  return marks > MAX_MARKS
}

/** The text as it was typed, in one paragraph. */
export function plain(text: string): MdNode[] {
  const c: MdNode[] = []
  let blank = false
  for (const paragraph of text.split('\n')) {
    if (c.length > 0) c.push({ t: 'br' })
    if (paragraph) c.push({ t: 'text', v: paragraph })
    else blank = true
  }
  return blank ? splitParagraphs(c) : [{ t: 'p', c }]
}

function splitParagraphs(flow: MdNode[]): MdNode[] {
  const out: MdNode[] = []
  let run: MdNode[] = []
  const flush = () => {
    while (run.at(-1)?.t === 'br') run.pop()
    if (run.length > 0) out.push({ t: 'p', c: run })
    run = []
  }
  flow.forEach((n, i) => {
    if (n.t === 'br' && flow[i + 1]?.t === 'br') flush()
    else if (n.t !== 'br' || run.length > 0) run.push(n)
  })
  flush()
  return out.length > 0 ? out : [{ t: 'p', c: [] }]
}

const ELEMENTS: Record<string, ElementTag> = {
  paragraph_open: 'p',
  strong_open: 'strong',
  em_open: 'em',
  s_open: 's',
  blockquote_open: 'blockquote',
  bullet_list_open: 'ul',
  list_item_open: 'li',
  table_open: 'table',
  thead_open: 'thead',
  tbody_open: 'tbody',
  tr_open: 'tr',
}

const SAFE_LINK = /^(?:https?:\/\/|mailto:)/i

/** Folds the parser's flat token stream into a tree, iteratively, with a bound on its size. */
class TreeBuilder {
  private readonly root: MdNode[] = []
  private readonly stack: MdNode[][] = [this.root]
  private count = 0
  private formulas = 0
  private diagrams = 0

  build(tokens: readonly Token[]): MdNode[] {
    this.walk(tokens)
    return this.root
  }

  private walk(tokens: readonly Token[]): void {
    for (const token of tokens) {
      if (token.type === 'inline') this.walk(token.children ?? [])
      else if (token.nesting === 1) this.open(token)
      else if (token.nesting === -1) this.close(token)
      else this.leaf(token)
    }
  }

  private add(node: MdNode): void {
    if (++this.count > MAX_NODES) throw new RangeError('too many nodes')
    this.stack.at(-1)!.push(node)
  }

  private open(token: Token): void {
    if (token.hidden) return
    const c: MdNode[] = []
    this.add(this.element(token, c))
    this.stack.push(c)
  }

  private close(token: Token): void {
    if (!token.hidden && this.stack.length > 1) this.stack.pop()
  }

  private element(token: Token, c: MdNode[]): MdNode {
    switch (token.type) {
      case 'heading_open':
        return { t: token.tag as ElementTag, c } as MdNode
      case 'ordered_list_open':
        return { t: 'ol', start: Number(token.attrGet('start') ?? 1), c }
      case 'th_open':
      case 'td_open':
        return { t: 'cell', head: token.type === 'th_open', align: alignment(token), c }
      case 'link_open': {
        const href = String(token.attrGet('href') ?? '')
        return SAFE_LINK.test(href) ? { t: 'link', href, c } : { t: 'em', c }
      }
      default:
        return { t: ELEMENTS[token.type] ?? 'p', c }
    }
  }

  private leaf(token: Token): void {
    switch (token.type) {
      case 'text':
        return this.text(token.content)
      case 'softbreak':
      case 'hardbreak':
        return this.add({ t: 'br' })
      case 'code_inline':
        return this.add({ t: 'code', v: token.content })
      case 'code_block':
        return this.add({ t: 'fence', lang: '', v: token.content })
      case 'fence':
        return this.fence(/^\S*/.exec(token.info.trim())![0], token.content)
      case 'weft_formula':
      case 'weft_formula_block':
        return this.formula(token)
      case 'hr':
        return this.add({ t: 'hr' })
      case 'image':
        return this.image(token)
      case 'weft_task':
        return this.add({ t: 'task', checked: token.info === 'x' })
      case 'weft_channel':
        return this.add({ t: 'channel', id: token.content })
      case 'weft_mention':
        return this.add(
          token.content === 'all' || token.content === 'here'
            ? { t: 'everyone', which: token.content }
            : { t: 'person', id: token.content },
        )
      default:
        if (token.content) this.text(token.content)
    }
  }

  private fence(lang: string, v: string): void {
    const drawn = lang.toLowerCase() === 'mermaid' && ++this.diagrams <= MAX_DIAGRAMS
    this.add(drawn ? { t: 'diagram', v } : { t: 'fence', lang, v })
  }

  private formula({ markup, content, block }: Token): void {
    const node: MdNode =
      ++this.formulas <= MAX_FORMULAS
        ? { t: 'formula', v: content, markup }
        : { t: 'text', v: markup + content + markup }
    this.add(block ? { t: 'p', c: [node] } : node)
  }

  /** Pictures from elsewhere would tell that place who reads: they are shown as links. */
  private image(token: Token): void {
    const href = String(token.attrGet('src') ?? '')
    const label: MdNode = { t: 'text', v: token.content || href }
    this.add(SAFE_LINK.test(href) ? { t: 'link', href, c: [label] } : label)
  }

  private text(value: string): void {
    let from = 0
    SHORTCODE.lastIndex = 0
    for (let hit = SHORTCODE.exec(value); hit; hit = SHORTCODE.exec(value)) {
      if (hit.index > from) this.add({ t: 'text', v: value.slice(from, hit.index) })
      this.add({ t: 'emoji', name: hit[1]! })
      from = hit.index + hit[0].length
    }
    if (from < value.length) this.add({ t: 'text', v: value.slice(from) })
  }
}

const SHORTCODE = /(?<![A-Za-z0-9:]):([a-z0-9_+'\p{sc=Han}-]{1,64}):(?![A-Za-z0-9])/gu

function alignment(token: Token): 'left' | 'center' | 'right' | null {
  const hit = /text-align:(left|center|right)/.exec(String(token.attrGet('style') ?? ''))
  return (hit?.[1] as 'left' | 'center' | 'right' | undefined) ?? null
}
