import { useCallback, useRef, useState, type DragEvent } from 'react'
import type { ConversationView } from '@weft/sdk'
import { useMedia } from '../../shared/hooks'
import type { SidebarActions } from './actions'
import { accepts, CHANNELS, PEOPLE, type Row } from './model'

const TYPE = 'application/x-weft-conversation'

const keyOf = (row: Row) => (row.type === 'section' ? row.id : `${row.section}/${row.view.id}`)

/** What makes a conversation's row one that can be dragged. */
export type DragSource = (
  view: ConversationView,
) => Pick<React.HTMLAttributes<HTMLElement>, 'onDragStart' | 'onDragEnd'> & { draggable: boolean }

/** Dragging conversations into sections and into an order of one's own. The menu does the same by keyboard. */
export function useDrag(rows: readonly Row[], actions: SidebarActions) {
  const dragged = useRef<ConversationView | null>(null)
  const [over, setOver] = useState<string | null>(null)
  const coarse = useMedia('(pointer: coarse)')

  const drop = (row: Row) => {
    const view = dragged.current
    const section = row.type === 'section' ? row.id : row.section
    setOver(null)
    if (!view || !accepts(section, view)) return
    // Channels and people keep their own sort; favourites and own sections keep the places given.
    const sorted = section === CHANNELS || section === PEOPLE
    const shown = rows.flatMap((r) => (r.type === 'conversation' && r.section === section ? [r.view.id] : []))
    actions.move(
      view,
      section,
      sorted ? undefined : shown,
      row.type === 'section' ? (shown[0] ?? null) : row.view.id,
    )
  }
  const source: DragSource = useCallback(
    (view) => ({
      // On a touch screen a long press is the menu's.
      draggable: !coarse,
      onDragStart: (event) => {
        dragged.current = view
        event.dataTransfer.effectAllowed = 'move'
        event.dataTransfer.setData(TYPE, view.id)
      },
      onDragEnd: () => {
        dragged.current = null
        setOver(null)
      },
    }),
    [coarse],
  )
  return {
    /** Key of the row under the pointer, while it would take the drop. */
    over,
    source,
    target: (row: Row) => ({
      onDragOver: (event: DragEvent) => {
        const view = dragged.current
        const section = row.type === 'section' ? row.id : row.section
        if (!view || !accepts(section, view)) return
        event.preventDefault()
        event.dataTransfer.dropEffect = 'move'
        setOver(keyOf(row))
      },
      onDragLeave: () => setOver((now) => (now === keyOf(row) ? null : now)),
      onDrop: (event: DragEvent) => {
        event.preventDefault()
        drop(row)
      },
    }),
  }
}
