import type { Edit } from './format'

/** Longer insertions skip the browser's own command, which is slow for them. */
const FAST_FROM = 5_000

/**
 * Replaces a stretch of a textarea as if it were typed: the browser's undo keeps working and React hears of it.
 * Leaves the caret or selection at `select`.
 */
export function applyEdit(area: HTMLTextAreaElement, edit: Edit): void {
  area.focus()
  area.setSelectionRange(edit.from, edit.to)
  const typed =
    edit.insert.length < FAST_FROM &&
    (edit.insert === ''
      ? edit.from !== edit.to && document.execCommand('delete')
      : document.execCommand('insertText', false, edit.insert))
  if (!typed && (edit.insert !== '' || edit.from !== edit.to)) {
    area.setRangeText(edit.insert, edit.from, edit.to, 'end')
    area.dispatchEvent(new Event('input', { bubbles: true }))
  }
  area.setSelectionRange(...edit.select)
}

/** Replaces the selection with a text and puts the caret behind it. */
export function insertText(area: HTMLTextAreaElement, text: string): void {
  const from = area.selectionStart
  const at = from + text.length
  applyEdit(area, { from, to: area.selectionEnd, insert: text, select: [at, at] })
}
