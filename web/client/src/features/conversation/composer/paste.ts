import { escapeLine } from './rich/escape'

/** Clipboard content as a browser gives it. */
export interface Clip {
  html: string
  text: string
}

const MAX_HTML = 400_000
/** Tags that say something plain text cannot, besides links. */
const RICH = new Set(
  'B STRONG I EM S DEL STRIKE CODE PRE UL OL TABLE BLOCKQUOTE H1 H2 H3 H4 H5 H6'.split(' '),
)

/**
 * What to insert for a paste: rich text becomes Markdown, code and everything else stays as its plain text.
 * Null leaves the paste to the browser.
 */
export function pasteText({ html, text }: Clip): string | null {
  if (!html || html.length > MAX_HTML || isFromEditor(html)) return null
  // Parsed in an inert document: nothing is loaded or run.
  const doc = new DOMParser().parseFromString(html, 'text/html')
  if (!survey(doc.body)) return null
  const markdown = block(doc.body, 0)
    .replace(/(?<![ \t])[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
  if (!markdown) return null
  // Only links whose words are their address, and the like: plain text says the same.
  return squash(markdown.replace(/\\(?=[!-/:-@[-`{-~])/g, '')) === squash(text) ? null : markdown
}

const squash = (s: string) => s.replace(/\s+/g, '')

/** Code editors put coloured HTML beside the text; the text is what was copied. */
function isFromEditor(html: string): boolean {
  if (/vscode-|data-vscode|jetbrains|<meta name="?Generator"? content="?Cocoa HTML/i.test(html)) return true
  const head = html.slice(0, 1500)
  return /^\s*(?:<meta[^>]*>|<html>|<body>|<!--StartFragment-->|\s)*<(?:div|span|pre)[^>]*font-family:[^;"']*(?:mono|consolas|menlo|courier)/i.test(
    head,
  )
}

const BLOCKS = new Set(
  'ADDRESS ARTICLE ASIDE BLOCKQUOTE DIV DL DT DD FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER HR LI MAIN OL P PRE SECTION TABLE UL'.split(
    ' ',
  ),
)
const IGNORED = new Set(['SCRIPT', 'STYLE', 'TEMPLATE', 'HEAD', 'NOSCRIPT', 'SVG', 'BUTTON', 'INPUT'])
const MAX_DEPTH = 60
/** What makes the element around it a block, too. */
const INNER_BLOCKS = new Set(['P', 'DIV', 'UL', 'OL', 'TABLE', 'PRE'])
/** Elements that hold such blocks. Filled in one walk, so that a paste costs what it is long. */
const holders = new WeakSet<Node>()

/** Notes what holds blocks; answers whether anything here says more than plain text can. */
function survey(body: HTMLElement): boolean {
  let rich = false
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_ELEMENT)
  while (walker.nextNode()) {
    const el = walker.currentNode as Element
    rich ||= RICH.has(el.tagName) || (el.tagName === 'A' && el.hasAttribute('href'))
    if (!INNER_BLOCKS.has(el.tagName)) continue
    for (let up = el.parentNode; up && !holders.has(up); up = up.parentNode) holders.add(up)
  }
  return rich
}

// Every function below goes into a node's children once: two ways in at each level would be 2^depth steps.

function block(node: Node, depth: number): string {
  if (depth > MAX_DEPTH) return node.textContent ?? ''
  let out = ''
  for (const child of node.childNodes) {
    if (!(child instanceof Element) || !BLOCKS.has(child.tagName)) out += inline(child, depth)
    else out += `\n\n${blockElement(child, depth + 1)}\n\n`
  }
  return out
}

function blockElement(el: Element, depth: number): string {
  switch (el.tagName) {
    case 'PRE':
      return fence(el)
    case 'BLOCKQUOTE':
      return prefix(block(el, depth), '> ', '> ')
    case 'UL':
    case 'OL':
      return list(el, depth)
    case 'TABLE':
      return table(el, depth)
    case 'HR':
      return '---'
    default:
      if (/^H[1-6]$/.test(el.tagName))
        return `${'#'.repeat(Number(el.tagName[1]))} ${oneLine(inlineAll(el, depth))}`
      return block(el, depth).trim()
  }
}

function fence(el: Element): string {
  const code = (el.textContent ?? '').replace(/\n$/, '')
  const lang = /language-([\w+-]+)/.exec(el.querySelector('code')?.className ?? el.className)?.[1] ?? ''
  let ticks = '```'
  for (const [run] of code.matchAll(/`+/g)) if (run.length >= ticks.length) ticks = `${run}\``
  return `${ticks}${lang}\n${code}\n${ticks}`
}

function list(el: Element, depth: number): string {
  if (depth > MAX_DEPTH) return el.textContent ?? ''
  const ordered = el.tagName === 'OL'
  let n = Number(el.getAttribute('start')) || 1
  return [...el.children]
    .map((li) => {
      if (li.tagName === 'UL' || li.tagName === 'OL') return prefix(list(li, depth + 1), '  ', '  ')
      const box = li.querySelector<HTMLInputElement>('input[type=checkbox]')
      const mark = ordered ? `${n++}. ` : box ? `- [${box.hasAttribute('checked') ? 'x' : ' '}] ` : '- '
      const body = block(li, depth + 1)
        .replace(/\n{2,}/g, '\n')
        .trim()
      return prefix(body, mark, ' '.repeat(mark.length > 4 ? 2 : mark.length))
    })
    .join('\n')
}

function table(el: Element, depth: number): string {
  // Its own rows, not those of tables in its cells.
  const rows = [...(el as HTMLTableElement).rows].map((tr) =>
    [...tr.children].map((cell) => oneLine(inlineAll(cell, depth)).replace(/\|/g, '\\|')),
  )
  const width = Math.max(0, ...rows.map((r) => r.length))
  // One column is a layout, not a table.
  if (width < 2) return rows.map((r) => r.join('')).join('\n')
  const line = (cells: string[]) =>
    `| ${Array.from({ length: width }, (_, i) => cells[i] ?? '').join(' | ')} |`
  return [line(rows[0]!), line(Array<string>(width).fill('---')), ...rows.slice(1).map(line)].join('\n')
}

function inlineAll(el: Element, depth: number): string {
  if (depth > MAX_DEPTH) return el.textContent ?? ''
  let out = ''
  for (const child of el.childNodes) out += inline(child, depth + 1)
  return out
}

function inline(node: Node, depth: number): string {
  if (node.nodeType === Node.TEXT_NODE)
    return escapeLine([{ kind: 'text', text: spaced(node.textContent ?? '') }])
  if (!(node instanceof Element) || IGNORED.has(node.tagName.toUpperCase())) return ''
  switch (node.tagName) {
    case 'BR':
      return '\n'
    case 'B':
    case 'STRONG':
      // Google Docs wraps everything in <b style="font-weight:normal">.
      return /font-weight:\s*(?:normal|400)/.test(node.getAttribute('style') ?? '')
        ? block(node, depth + 1)
        : mark(inlineAll(node, depth), '**')
    case 'I':
    case 'EM':
      return mark(inlineAll(node, depth), '*')
    case 'S':
    case 'DEL':
    case 'STRIKE':
      return mark(inlineAll(node, depth), '~~')
    case 'CODE':
      return inlineCode(spaced(node.textContent ?? ''))
    case 'A':
      return anchor(node, inlineAll(node, depth))
    case 'IMG':
      return node.getAttribute('alt') ?? ''
    default:
      return BLOCKS.has(node.tagName) || holders.has(node) ? block(node, depth + 1) : inlineAll(node, depth)
  }
}

const spaced = (text: string) =>
  text.replace(/[\s\u200b]+/g, (s) => (s.includes('\u00a0') ? s.replace(/\s/g, ' ') : ' '))

const inlineCode = (code: string) => (code.includes('`') ? `\`\` ${code} \`\`` : mark(code, '`'))

function anchor(a: Element, inner: string): string {
  const href = a.getAttribute('href') ?? ''
  if (!/^(?:https?:|mailto:)/i.test(href) || !inner.trim()) return inner
  return oneLine(a.textContent ?? '') === href
    ? href
    : `[${oneLine(inner).replace(/(?<!\\)[[\]]/g, '\\$&')}](${href.replace(/[\s()]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)})`
}

function mark(inner: string, m: string): string {
  const core = inner.trim()
  const lead = inner.length - inner.trimStart().length
  const end = lead + core.length
  return core ? `${inner.slice(0, lead)}${m}${core}${m}${inner.slice(end)}` : inner
}

const oneLine = (s: string) => s.replace(/\s+/g, ' ').trim()

function prefix(text: string, first: string, rest: string): string {
  return text
    .trim()
    .split('\n')
    .map((l, i) => (i === 0 ? first : rest) + l)
    .join('\n')
}
