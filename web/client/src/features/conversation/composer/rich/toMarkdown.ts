import type { Node as Doc } from '@tiptap/pm/model'

import { isParsed } from '../../../../lib/markdown/parse'
import { inlineMarkdown } from './inline'

/** A document as the text that is sent; empty when there is nothing in it to read. */
export function toMarkdown(doc: Doc): string {
  if (isBlank(doc)) return ''
  const text = siblings(doc).join('\n')
  // What is too dense to be parsed is shown as it was typed, so it is sent as it was typed.
  if (!isParsed(text) && isPlain(doc)) return doc.children.map(words).join('\n').trim()
  return text
}

/** A document as text for other programs: Markdown only where there is something that plain text cannot say. */
export function toClipboard(doc: Doc): string {
  return isPlain(doc) ? doc.children.map(words).join('\n') : toMarkdown(doc)
}

function isBlank(doc: Doc): boolean {
  let blank = true
  doc.descendants((node) => {
    if (node.isText ? node.text!.trim() !== '' : node.isLeaf) blank = false
    return blank
  })
  return blank
}

const words = (block: Doc) =>
  block.textBetween(0, block.content.size, '\n', (leaf) => String(leaf.attrs['wire']))

const isPlain = (doc: Doc) =>
  doc.children.every((block) => isLine(block) && block.children.every((node) => node.marks.length === 0))

const isList = (node: Doc) => node.type.name.endsWith('List')
const isLine = (node: Doc) => node.type.name === 'paragraph'

/**
 * The lines of a node's children. Lines follow each other at once; anything else stands apart by a blank line.
 * `box` comes before the first line, which then is there even without words.
 */
function siblings(parent: Doc, box = ''): string[] {
  const out: string[] = []
  let before: Doc | null = null
  let list: ListState | null = null
  let blank = 0
  parent.forEach((child, _, index) => {
    const lines = isLine(child) ? line(child, index === 0 ? box : '') : null
    if (lines?.length === 0) {
      blank++
      return
    }
    list = listState(child, before, list)
    const own = lines ?? block(child, list?.other ?? false)
    if (before) {
      const close = blank === 0 && isList(child) && follows(parent, before, own[0]!)
      const apart = close || (isLine(before) && isLine(child)) ? 0 : 1
      for (let i = 0; i < blank + apart; i++) out.push('')
    }
    blank = 0
    before = child
    out.push(...own)
  })
  return out
}

interface ListState {
  /** Written with the other sign, so that it does not run on from the list before it. */
  other: boolean
}

function listState(child: Doc, before: Doc | null, list: ListState | null): ListState | null {
  if (!isList(child)) return null
  return { other: before?.type === child.type ? !list?.other : false }
}

/** Whether a list, given by its first line, can stand right below the line that it belongs to. */
function follows(parent: Doc, before: Doc, first: string): boolean {
  return parent.type.name === 'listItem' && isLine(before) && /^(?:[-+]|1[.)]) \S/.test(first)
}

function line(block: Doc, box: string): string[] {
  const text = inlineMarkdown(block)
  if (box) return [box + (text || '&nbsp;')]
  return text === '' ? [] : [text]
}

function block(node: Doc, other: boolean): string[] {
  switch (node.type.name) {
    case 'heading':
      return [`${'#'.repeat(Number(node.attrs['level']))} ${heading(inlineMarkdown(node))}`.trimEnd()]
    case 'blockquote': {
      const lines = siblings(node)
      return lines.length > 0 ? lines.map((text) => (text ? `> ${text}` : '>')) : ['>']
    }
    case 'bulletList':
      return node.children.flatMap((item) => listItem(item, other ? '+ ' : '- '))
    case 'orderedList': {
      const start = Math.min(Math.max(0, Number(node.attrs['start']) || 0), 900_000_000)
      return node.children.flatMap((item, i) => listItem(item, `${start + i}${other ? ')' : '.'} `))
    }
    case 'codeBlock':
      return fence(node)
    case 'source':
      return words(node).split('\n')
    default:
      return ['___']
  }
}

/** Signs at a heading's end would be taken for its closing. */
const heading = (text: string) => text.replace(/(^|\s)(#+)$/, '$1\\$2')

function listItem(item: Doc, mark: string): string[] {
  const checked: unknown = item.attrs['checked']
  const lines = siblings(item, checked === null ? '' : checked === true ? '[x] ' : '[ ] ')
  const indent = ' '.repeat(mark.length)
  return (lines.length > 0 ? lines : ['']).map((text, i) =>
    i === 0 ? (mark + text).trimEnd() : text && indent + text,
  )
}

function fence(node: Doc): string[] {
  const text = node.textContent
  const language = String(node.attrs['language'] ?? '').replace(/\s/g, '')
  const sign = language.includes('`') ? '~' : '`'
  const runs = [...text.matchAll(/`+|~+/g)].map((m) => m[0].length + 1)
  const ticks = sign.repeat(Math.max(3, ...runs))
  return [ticks + language, ...(text ? text.split('\n') : []), ticks]
}
