import type { Node as Doc, Schema } from '@tiptap/pm/model'
import type { Token } from 'markdown-it'

import { isParsed } from '../../../../lib/markdown/parse'
import { markdown } from './reader'
import { WIRE_ID } from './schema'

interface MarkJson {
  type: string
  attrs?: Record<string, unknown>
}
export interface NodeJson {
  type: string
  attrs?: Record<string, unknown>
  content?: NodeJson[]
  marks?: MarkJson[]
  text?: string
}

/** A wire text as a document; what the renderer shows as it was typed becomes lines of plain text. */
export function fromMarkdown(schema: Schema, text: string): Doc {
  const content = isParsed(text) ? new Builder(text).blocks() : literal(text)
  return schema.nodeFromJSON({ type: 'doc', content: content.length > 0 ? content : [{ type: 'paragraph' }] })
}

/** A text as lines, none of its marks meaning anything but mentions. */
export function literal(text: string): NodeJson[] {
  return text.split('\n').map((line) => ({ type: 'paragraph', content: withMentions(line) }))
}

function withMentions(text: string): NodeJson[] {
  return text
    .split(new RegExp(`(${WIRE_ID.source})`))
    .filter(Boolean)
    .map((part) =>
      WIRE_ID.exec(part)?.[0] === part
        ? { type: 'mention', attrs: { wire: part } }
        : { type: 'text', text: part },
    )
}

const MARKS: Record<string, string> = { strong: 'bold', em: 'italic', s: 'strike' }
const CONTAINERS: Record<string, string> = {
  blockquote_open: 'blockquote',
  bullet_list_open: 'bulletList',
  ordered_list_open: 'orderedList',
  list_item_open: 'listItem',
}

/** Folds the parser's tokens into a document; blank lines become empty paragraphs. */
class Builder {
  private readonly lines: string[]
  private readonly root: NodeJson = { type: 'doc', content: [] }
  private readonly stack: NodeJson[] = [this.root]
  /** The line after the last one that was seen to hold something. */
  private reached = 0

  constructor(private readonly text: string) {
    this.lines = text.split('\n')
  }

  blocks(): NodeJson[] {
    const tokens = markdown().parse(this.text, {})
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i]!
      const container = CONTAINERS[token.type]
      if (container) this.open(container, token)
      else if (/^(?:blockquote|bullet_list|ordered_list|list_item)_close$/.test(token.type)) this.close()
      else if (token.type === 'paragraph_open') this.paragraph(token, tokens[++i]!)
      else if (token.type === 'heading_open') this.heading(token, tokens[++i]!)
      else if (token.type === 'table_open') {
        const end = tokens.findIndex((t, at) => at > i && t.type === 'table_close')
        this.add(token, { type: 'source', content: withMentions(tableText(tokens.slice(i, end))) })
        i = end
      } else if (token.type === 'fence' || token.type === 'code_block') this.add(token, code(token))
      else if (token.type === 'weft_formula_block')
        this.add(token, { type: 'source', content: [{ type: 'text', text: formulaText(token) }] })
      else if (token.type === 'hr') this.add(token, { type: 'horizontalRule' })
    }
    return this.root.content!
  }

  private open(type: string, token: Token): void {
    const node: NodeJson = { type, content: [] }
    if (type === 'orderedList') node.attrs = { start: Number(token.attrGet('start') ?? 1) }
    this.add(token, node)
    this.stack.push(node)
  }

  private close(): void {
    const node = this.stack.pop()!
    const first = node.content![0]?.type
    // An item begins with a line of its own, and nothing is without any.
    if (node.type === 'listItem' ? first !== 'paragraph' : !first)
      node.content!.unshift({ type: 'paragraph' })
  }

  private paragraph(token: Token, content: Token): void {
    const children = content.children ?? []
    const item = this.stack.at(-1)!
    if (children[0]?.type === 'weft_task' && item.type === 'listItem')
      item.attrs = { checked: children[0].info === 'x' }
    for (const line of inline(children)) {
      const blank = line.length === 1 && line[0]!.text === '\u00a0'
      this.add(token, { type: 'paragraph', content: blank ? [] : line })
    }
  }

  private heading(token: Token, content: Token): void {
    const attrs = { level: Number(token.tag[1]) }
    for (const line of inline(content.children ?? []))
      this.add(token, { type: 'heading', attrs, content: line })
  }

  private add(token: Token, node: NodeJson): void {
    const parent = this.stack.at(-1)!
    const siblings = parent.content!
    const [start, end] = token.map ?? [this.reached, this.reached + 1]
    const before = siblings.at(-1)
    if (before && start >= this.reached && !parent.type.endsWith('List')) {
      const lines = before.type === 'paragraph' && node.type === 'paragraph'
      const blank = this.blankAbove(start) - (lines ? 0 : 1)
      for (let i = 0; i < blank; i++) siblings.push({ type: 'paragraph' })
    }
    siblings.push(node)
    this.reached = Math.max(this.reached, CONTAINERS[token.type] ? start + 1 : end)
  }

  private blankAbove(line: number): number {
    let count = 0
    while (line - 1 - count >= this.reached && /^[\s>]*$/.test(this.lines[line - 1 - count]!)) count++
    return count
  }
}

function code(token: Token): NodeJson {
  const text = token.content.replace(/\n$/, '')
  const language = token.type === 'fence' ? /^\S*/.exec(token.info.trim())![0] : ''
  return {
    type: 'codeBlock',
    attrs: { language: language || null },
    content: text ? [{ type: 'text', text }] : [],
  }
}

/** The inline tokens of one block as lines of nodes. */
function inline(tokens: readonly Token[]): NodeJson[][] {
  const lines: NodeJson[][] = [[]]
  const marks: MarkJson[] = []
  const add = (node: NodeJson, more: MarkJson[] = []) => {
    const all = [...marks, ...more]
    lines.at(-1)!.push(all.length > 0 ? { ...node, marks: all } : node)
  }
  for (const token of tokens) {
    const mark = MARKS[token.tag]
    if (token.type === 'softbreak' || token.type === 'hardbreak') lines.push([])
    else if (token.type === 'link_open') {
      if (token.info !== 'auto') marks.push(link(token.attrGet('href')))
    } else if (token.type === 'link_close') {
      if (token.info !== 'auto')
        marks.splice(
          marks.findLastIndex((m) => m.type === 'link'),
          1,
        )
    } else if (mark && token.nesting === 1) marks.push({ type: mark })
    else if (mark && token.nesting === -1)
      marks.splice(
        marks.findLastIndex((m) => m.type === mark),
        1,
      )
    else if (token.type === 'weft_mention') add({ type: 'mention', attrs: { wire: `<@${token.content}>` } })
    else if (token.type === 'weft_channel') add({ type: 'mention', attrs: { wire: `<#${token.content}>` } })
    else if (token.type === 'image') {
      const href = token.attrGet('src')
      add({ type: 'text', text: token.content || String(href) }, [link(href)])
    } else if (token.type === 'code_inline') add({ type: 'text', text: token.content }, [{ type: 'code' }])
    else if (token.type === 'weft_formula') add({ type: 'text', text: formulaText(token) })
    // Without its backslash the dollar might begin a formula.
    else if (token.markup === '\\$') add({ type: 'text', text: token.markup })
    else if (token.content) add({ type: 'text', text: token.content })
  }
  return lines
}

const link = (href: string | number | null): MarkJson => ({
  type: 'link',
  attrs: { href: String(href ?? '') },
})

/** A formula's source; in the document it is text, as it was typed. */
function formulaText({ content, markup }: Token): string {
  const line = content.includes('\n') ? '\n' : ''
  return markup + line + content + line + markup
}

/** A table's source in its plainest form. */
function tableText(tokens: readonly Token[]): string {
  const rows: string[][] = []
  const aligns: string[] = []
  for (const [i, token] of tokens.entries()) {
    if (token.type === 'tr_open') rows.push([])
    else if (token.type === 'th_open' || token.type === 'td_open') {
      rows.at(-1)!.push(tokens[i + 1]!.content.replace(/\|/g, '\\|'))
      if (token.type === 'th_open') {
        const side = /text-align:(\w+)/.exec(String(token.attrGet('style') ?? ''))?.[1]
        aligns.push(side === 'left' ? ':--' : side === 'right' ? '--:' : side === 'center' ? ':-:' : '---')
      }
    }
  }
  rows.splice(1, 0, aligns)
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
