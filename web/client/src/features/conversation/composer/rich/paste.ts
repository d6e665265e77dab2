import { Fragment, Slice, type Node as Doc, type Schema } from '@tiptap/pm/model'
import type { EditorView } from '@tiptap/pm/view'

import { pasteText } from '../paste'
import { fromMarkdown, literal } from './fromMarkdown'

/** More than this is refused at once: no message holds it, and a page would stall on it. */
export const PASTE_MAX = 200_000
const LINES_MAX = 10_000

/** Puts what is pasted into the text; false leaves it to the editor, `too_long` was refused. */
export function pasteRich(view: EditorView, data: DataTransfer, asText: boolean): boolean | 'too_long' {
  const { state } = view
  const { $from, empty } = state.selection
  const html = data.getData('text/html')
  const text = data.getData('text/plain').replace(/\r\n?/g, '\n')
  if (text.length > PASTE_MAX || text.split('\n', LINES_MAX + 1).length > LINES_MAX) return 'too_long'
  if ($from.parent.type.spec.code) {
    view.dispatch(state.tr.insertText(text).scrollIntoView())
    return true
  }
  if (html.includes('data-pm-slice') && !asText) return false
  if (!text && !html) return false
  if (!empty && /^https?:\/\/\S+$/.test(text)) {
    const { from, to } = state.selection
    view.dispatch(state.tr.addMark(from, to, state.schema.marks['link']!.create({ href: text })))
    return true
  }
  const slice = asText ? lines(state.schema, text) : read(state.schema, { html, text }, data)
  view.dispatch(state.tr.replaceSelection(slice).scrollIntoView().setMeta('paste', true))
  return true
}

function read(schema: Schema, clip: { html: string; text: string }, data: DataTransfer): Slice {
  const markdown = pasteText(clip)
  if (markdown !== null) return slice(fromMarkdown(schema, markdown))
  const language = codeLanguage(clip, data)
  if (language !== null) {
    const code = schema.nodes['codeBlock']!.create({ language: language || null }, schema.text(clip.text))
    return new Slice(Fragment.from(code), 0, 0)
  }
  return isMarkdown(clip.text) ? slice(fromMarkdown(schema, clip.text)) : lines(schema, clip.text)
}

/** Several lines from a code editor are code; '' when the language is not told, null when it is not code. */
function codeLanguage({ html, text }: { html: string; text: string }, data: DataTransfer): string | null {
  if (!text.trim().includes('\n')) return null
  const vscode = data.getData('vscode-editor-data')
  if (!vscode) return /data-vscode|vscode-|jetbrains/i.test(html) ? '' : null
  try {
    const mode: unknown = (JSON.parse(vscode) as { mode?: unknown }).mode
    return typeof mode === 'string' && /^[\w+#.-]{1,40}$/.test(mode) && mode !== 'plaintext' ? mode : ''
  } catch {
    return ''
  }
}

/** Whether a text without formatting was surely written as Markdown: marks in pairs, or several lines of a kind. */
export function isMarkdown(text: string): boolean {
  return (
    /^(?:```|~~~)[^`\n]*\n[\s\S]*?^(?:```|~~~)\s*$/m.test(text) ||
    /(?<![\w*])\*\*[^\s*](?:[^*\n]*[^\s*])?\*\*(?![\w*])/.test(text) ||
    /\[[^[\]\n]+\]\(https?:\/\/[^\s()]+\)/.test(text) ||
    /^\|?.*\|.*\n\|?\s*:?-{3,}:?\s*\|[\s|:-]*$/m.test(text) ||
    /^ {0,3}[-*+] \[[ xX]\] \S/m.test(text) ||
    /(?:^ {0,3}[-*+] \S.*(?:\n|$)){2,}/m.test(text) ||
    /(?:^ {0,3}\d{1,3}[.)] \S.*(?:\n|$)){2,}/m.test(text) ||
    /(?:^> ?\S.*(?:\n|$)){2,}/m.test(text)
  )
}

const lines = (schema: Schema, text: string) =>
  slice(schema.nodeFromJSON({ type: 'doc', content: literal(text) }))

/** Its first and last lines run on in the lines they are pasted into. */
function slice(doc: Doc): Slice {
  const open = (node: Doc | null) => (node?.type.name === 'paragraph' ? 1 : 0)
  return new Slice(doc.content, open(doc.firstChild), open(doc.lastChild))
}
