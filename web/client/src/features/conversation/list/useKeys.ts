import type { Message } from '@weft/sdk'
import { useCallback, useState, type KeyboardEvent, type RefObject } from 'react'

import { emitIntent } from '../../../shared/intents'
import type { ListContextValue } from '../context'
import { abilities } from '../message/abilities'
import { canForward } from '../useSelection'
import type { ListHandle } from './AnchoredList'

/**
 * Keys of the message list: arrows move a focus ring over messages, letters act on the one in focus, Escape goes
 * back to the composer. One message takes part in the tab order.
 */
export function useKeys(
  list: RefObject<ListHandle | null>,
  find: (id: string) => Message | undefined,
  context: ListContextValue,
) {
  const [focusedId, setFocusedId] = useState<string | null>(null)
  const onKeyDown = useCallback(
    (event: KeyboardEvent<HTMLDivElement>) => {
      const at = event.target as HTMLElement
      if (
        event.nativeEvent.isComposing ||
        at.closest('input, textarea, [contenteditable=true], [role=menu], [popover], dialog')
      )
        return
      const row = at.closest<HTMLElement>('[data-message]')
      const box = list.current?.element()
      if (!box) return
      if (event.key === 'Escape') {
        event.preventDefault()
        emitIntent('focus-composer', {})
        return
      }
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
      if (step && !event.altKey && !event.ctrlKey && !event.metaKey) {
        event.preventDefault()
        const next = step === 0 ? null : neighbour(box, row, step)
        if (next) {
          setFocusedId(next.dataset['message'] ?? null)
          focusRow(box, next)
        }
        return
      }
      const message = row === at && row.dataset['message'] ? find(row.dataset['message']) : undefined
      if (
        message &&
        !event.ctrlKey &&
        !event.metaKey &&
        !event.altKey &&
        act(event.key, message, context, row!)
      )
        event.preventDefault()
    },
    [list, find, context],
  )
  return { focusedId, onKeyDown }
}

function neighbour(box: HTMLElement, row: HTMLElement | null, step: number): HTMLElement | null {
  const rows = [...box.querySelectorAll<HTMLElement>('[data-message]')]
  if (rows.length === 0) return null
  if (!row) return rows.at(-1)!
  return rows[rows.indexOf(row) + step] ?? null
}

/** Focuses a row and scrolls by no more than is needed to see it whole. */
function focusRow(box: HTMLElement, row: HTMLElement): void {
  row.focus({ preventScroll: true })
  const edge = box.getBoundingClientRect()
  const r = row.getBoundingClientRect()
  const margin = 48
  if (r.top < edge.top + margin) box.scrollTop += r.top - edge.top - margin
  else if (r.bottom > edge.bottom - 8)
    box.scrollTop += Math.min(r.bottom - edge.bottom + 8, r.top - edge.top - margin)
}

function act(key: string, message: Message, context: ListContextValue, row: HTMLElement): boolean {
  const can = abilities(message, context)
  const { actions } = context
  switch (key.toLowerCase()) {
    case 'r':
      return can.write && run(() => actions.quote(message))
    case 't':
      return can.thread && can.write && run(() => actions.openThread(message))
    case 'e':
      return can.edit && run(() => actions.edit(message))
    case 's':
      return can.keep && run(() => actions.save(message))
    case 'f':
      return canForward(message) && run(() => actions.forward(message))
    case '+':
    case '=':
      // The picker belongs to the row's own bar, which is in the page while the row has the focus.
      return can.write && run(() => row.querySelector<HTMLButtonElement>('[data-react]')?.click())
    case 'enter':
      return message.replies !== null && run(() => actions.openThread(message))
    default:
      return false
  }
}

function run(fn: () => void): true {
  fn()
  return true
}
