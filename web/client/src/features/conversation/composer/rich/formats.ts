import type { Editor } from '@tiptap/core'
import { Fragment } from '@tiptap/pm/model'
import { TextSelection } from '@tiptap/pm/state'

import type { Format } from '../format'
import { literal } from './fromMarkdown'

const MARKS: Partial<Record<Format, string>> = {
  bold: 'bold',
  italic: 'italic',
  strike: 'strike',
  code: 'code',
}

/** What a toolbar button or its key does; pressing it again takes it back. A link is asked for elsewhere. */
export function applyRichFormat(editor: Editor, format: Exclude<Format, 'link'>): void {
  const { commands } = editor
  editor.view.focus()
  const mark = MARKS[format]
  if (mark) commands.toggleMark(mark)
  else if (format === 'quote') commands.toggleWrap('blockquote')
  else if (format === 'numbered') commands.toggleList('orderedList', 'listItem')
  else if (format === 'list') {
    if (isTask(editor)) commands.updateAttributes('listItem', { checked: null })
    else commands.toggleList('bulletList', 'listItem')
  } else if (format === 'task') toggleTask(editor)
  else if (format === 'codeBlock') toggleCode(editor)
  else insertTable(editor)
}

/** The formats that hold where the caret is. */
export function formatsAt(editor: Editor): Set<Format> {
  const at = new Set<Format>()
  for (const [format, mark] of Object.entries(MARKS)) if (editor.isActive(mark)) at.add(format as Format)
  if (editor.isActive('codeBlock')) at.add('codeBlock')
  if (editor.isActive('blockquote')) at.add('quote')
  if (editor.isActive('link')) at.add('link')
  if (editor.isActive('orderedList')) at.add('numbered')
  if (isTask(editor)) at.add('task')
  else if (editor.isActive('bulletList')) at.add('list')
  return at
}

const isTask = (editor: Editor) =>
  editor.isActive('listItem') && typeof editor.getAttributes('listItem')['checked'] === 'boolean'

function toggleTask(editor: Editor): void {
  const { commands } = editor
  if (isTask(editor)) commands.liftListItem('listItem')
  else {
    if (!editor.isActive('listItem')) commands.toggleList('bulletList', 'listItem')
    commands.updateAttributes('listItem', { checked: false })
  }
}

/** Several lines become one block, and a block several lines. */
function toggleCode(editor: Editor): void {
  const { state, view, schema } = editor
  const { $from, from, to } = state.selection
  const type = schema.nodes['codeBlock']!
  if ($from.parent.type === type) {
    const lines = literal($from.parent.textContent).map((json) => schema.nodeFromJSON(json))
    view.dispatch(state.tr.replaceWith($from.before(), $from.after(), Fragment.from(lines)))
    return
  }
  if ($from.sameParent(state.selection.$to) && $from.parent.isTextblock) {
    editor.commands.setNode('codeBlock')
    return
  }
  const text = state.doc.textBetween(from, to, '\n', (leaf) => String(leaf.attrs['wire'] ?? ''))
  view.dispatch(
    state.tr.replaceSelectionWith(type.create(null, text ? schema.text(text) : null)).scrollIntoView(),
  )
}

function insertTable(editor: Editor): void {
  const { state, view, schema } = editor
  const table = schema.nodes['source']!.create(null, schema.text('|   |   |\n| --- | --- |\n|   |   |'))
  const tr = state.tr.replaceSelectionWith(table)
  const begins = tr.mapping.map(state.selection.from, -1)
  tr.doc.nodesBetween(begins, tr.doc.content.size, (node, at) => {
    if (node.type === table.type && node.eq(table)) tr.setSelection(TextSelection.create(tr.doc, at + 3))
  })
  view.dispatch(tr.scrollIntoView())
}
