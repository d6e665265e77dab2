/** For tests: what a reader sees of a text, and what a document means to show, in one comparable form. */
import type { Node as Doc } from '@tiptap/pm/model'

import { nodesText, type MdNode } from '../../../../lib/markdown/nodes'
import { parseMarkdown } from '../../../../lib/markdown/parse'

/** A character and the marks over it. */
type Glyph = [string, string]

/** The lines that a reader sees, each with the blocks it stands in and the marks over its words. */
export function shown(nodes: readonly MdNode[]): string[] {
  const lines: string[] = []
  let line: Glyph[] = []
  const flush = (path: string) => {
    const text = squeeze(line)
    if (text) lines.push(`${path} ${text}`)
    line = []
  }
  const put = (text: string, over: readonly string[]) => {
    const key = [...new Set(over)].sort().join(',')
    for (const c of text) line.push([c, /\s/.test(c) ? '' : key])
  }
  const walk = (all: readonly MdNode[], path: string, over: readonly string[]) => {
    for (const n of all) {
      if (n.t === 'text') put(n.v, over)
      else if (n.t === 'code') put(n.v, [...over, 'code'])
      else if (n.t === 'formula') put(n.markup + n.v + n.markup, over)
      else if (n.t === 'emoji') put(`:${n.name}:`, over)
      else if (n.t === 'person') put(`<@${n.id}>`, over)
      else if (n.t === 'everyone') put(`<@${n.which}>`, over)
      else if (n.t === 'channel') put(`<#${n.id}>`, over)
      else if (n.t === 'task') put(n.checked ? '☑ ' : '☐ ', [])
      else if (n.t === 'strong' || n.t === 'em' || n.t === 's') walk(n.c, path, [...over, n.t])
      else if (n.t === 'link') walk(n.c, path, isBare(n) ? over : [...over, n.href])
      else {
        flush(path)
        if (n.t === 'hr') lines.push(`${path} hr`)
        else if (n.t === 'diagram')
          lines.push(`${path} ${JSON.stringify(['mermaid', n.v.replace(/\n$/, '')])}`)
        else if (n.t === 'fence') lines.push(`${path} ${JSON.stringify([n.lang, n.v.replace(/\n$/, '')])}`)
        else if ('c' in n) {
          const inner = n.t === 'p' ? path : `${path}>${n.t}${n.t === 'ol' ? n.start : ''}`
          walk(n.c, inner, over)
          flush(inner)
        }
      }
    }
  }
  walk(nodes, '', [])
  flush('')
  return lines
}

function isBare(link: { href: string; c: MdNode[] }): boolean {
  if (link.c.some((n) => n.t !== 'text' && n.t !== 'emoji')) return false
  const text = nodesText(link.c)
  if (link.href.startsWith('mailto:') && text.includes('@')) return true
  const decoded = (text: string) =>
    text.replace(/(?:%[0-9a-f]{2})+/gi, (c) => new TextDecoder().decode(bytes(c)))
  return decoded(link.href).endsWith(decoded(text))
}

const bytes = (encoded: string) => Uint8Array.from(encoded.slice(1).split('%'), (hex) => parseInt(hex, 16))

function squeeze(line: readonly Glyph[]): string {
  if (line.every(([c]) => /\s/.test(c))) return ''
  let out = ''
  let last = ''
  for (const [c, key] of line) {
    if (key !== last && !/\s/.test(c)) {
      out += `{${key}}`
      last = key
    }
    out += c
  }
  // A task without words stands before a space that cannot be broken.
  return out.replace(/[ \t\n]+/g, ' ').replace(/^ |\s+$/g, '')
}

/** What a document means to show. */
export const meant = (doc: Doc): string[] => shown(doc.children.flatMap(block))

const LISTS = { bulletList: 'ul', blockquote: 'blockquote' } as const

function block(node: Doc): MdNode[] {
  const c = () => node.children.flatMap(block)
  switch (node.type.name) {
    case 'paragraph':
      return [{ t: 'p', c: inline(node) }]
    case 'heading':
      return [{ t: `h${Number(node.attrs['level'])}` as 'h1', c: inline(node) }]
    case 'codeBlock':
      return [{ t: 'fence', lang: String(node.attrs['language'] ?? ''), v: node.textContent }]
    case 'source':
      return parseMarkdown(node.textContent)
    case 'horizontalRule':
      return [{ t: 'hr' }]
    case 'orderedList':
      return [{ t: 'ol', start: Number(node.attrs['start']), c: c() }]
    case 'listItem': {
      const checked: unknown = node.attrs['checked']
      const task: MdNode[] = checked === null ? [] : [{ t: 'task', checked: checked === true }]
      const [first, ...rest] = node.children
      return [{ t: 'li', c: [{ t: 'p', c: [...task, ...inline(first!)] }, ...rest.flatMap(block)] }]
    }
    default:
      return [{ t: LISTS[node.type.name as keyof typeof LISTS], c: c() }]
  }
}

function inline(parent: Doc): MdNode[] {
  return parent.children.map((node) => {
    const wire = String(node.attrs['wire'] ?? '')
    let out: MdNode = node.isText
      ? { t: 'text', v: node.text! }
      : (parseMarkdown(wire)[0] as { c: MdNode[] }).c[0]!
    for (const { type, attrs } of [...node.marks].sort(
      (a, b) => Number(b.type.name === 'code') - Number(a.type.name === 'code'),
    )) {
      if (type.name === 'code' && out.t === 'text') out = { t: 'code', v: out.v }
      else if (type.name === 'bold') out = { t: 'strong', c: [out] }
      else if (type.name === 'italic') out = { t: 'em', c: [out] }
      else if (type.name === 'strike') out = { t: 's', c: [out] }
      else if (type.name === 'link') out = { t: 'link', href: String(attrs['href']), c: [out] }
    }
    return out
  })
}
