import { escapeLine } from './rich/escape'

/** Clipboard content as a browser gives it. */
export interface Clip {
  html: string
  text: string
}

const MAX_HTML = 400_000
/** Tags that say something plain text cannot. */
const RICH =
  'a[href], b, strong, i, em, s, del, strike, code, pre, ul, ol, table, blockquote, h1, h2, h3, h4, h5, h6'

/**
 * What to insert for a paste: rich text becomes Markdown, code and everything else stays as its plain text.
 * Null leaves the paste to the browser.
 */
export function pasteText({ html, text }: Clip): string | null {
  if (!html || html.length > MAX_HTML || isFromEditor(html)) return null
  // Parsed in an inert document: nothing is loaded or run.
  const doc = new DOMParser().parseFromString(html, 'text/html')
  if (!doc.body.querySelector(RICH)) return null
  const markdown = block(doc.body, 0)
    .replace(/[ \t]+$/gm, '')
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
  const ticks = '`'.repeat(Math.max(3, ...[...code.matchAll(/`+/g)].map((m) => m[0].length + 1)))
  return `${ticks}${lang}\n${code}\n${ticks}`
}

function list(el: Element, depth: number): string {
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
  const rows = [...el.querySelectorAll('tr')].map((tr) =>
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
  const inner = inlineAll(node, depth)
  switch (node.tagName) {
    case 'BR':
      return '\n'
    case 'B':
    case 'STRONG':
      // Google Docs wraps everything in <b style="font-weight:normal">.
      return /font-weight:\s*(?:normal|400)/.test(node.getAttribute('style') ?? '')
        ? block(node, depth)
        : mark(inner, '**')
    case 'I':
    case 'EM':
      return mark(inner, '*')
    case 'S':
    case 'DEL':
    case 'STRIKE':
      return mark(inner, '~~')
    case 'CODE':
      return inlineCode(spaced(node.textContent ?? ''))
    case 'A':
      return anchor(node, inner)
    case 'IMG':
      return node.getAttribute('alt') ?? ''
    default:
      return BLOCKS.has(node.tagName) || node.querySelector('p, div, ul, ol, table, pre')
        ? block(node, depth)
        : inner
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
  const [, lead, core, tail] = /^(\s*)([\s\S]*?)(\s*)$/.exec(inner)!
  return core ? `${lead}${m}${core}${m}${tail}` : inner
}

const oneLine = (s: string) => s.replace(/\s+/g, ' ').trim()

function prefix(text: string, first: string, rest: string): string {
  return text
    .trim()
    .split('\n')
    .map((l, i) => (i === 0 ? first : rest) + l)
    .join('\n')
}
