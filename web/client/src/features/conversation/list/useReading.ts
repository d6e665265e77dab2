import type { TimelineItem, TimelineView } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { useCallback, useEffect, useRef, useState } from 'react'

import type { Shown } from '../context'

/** A glance while switching through is not reading. */
const READ_AFTER_MS = 300

interface Options {
  conversation: Shown
  thread: string | undefined
  /** The list shows one topic. */
  lane: { readSeq: number; read(seq: number): void } | undefined
  view: TimelineView
}

/**
 * The reader's marks in one visit: where the "new messages" line stands (it stays until the reader leaves), and
 * telling the server what was read — only what was at the end of the list, in a visible window.
 */
export function useReading({ conversation, thread, lane, view }: Options) {
  const weft = useWeft()
  const [newFrom, setNewFrom] = useState<number | null>(() => unreadFrom(conversation, view, thread ?? lane))
  const settled = useRef(newFrom !== null)
  const held = useRef(false)
  const atBottom = useRef(false)
  const told = useRef(0)
  const last = newest(view.items)

  // The first page may come after the list: the line is set once, from what was unread on entering.
  useEffect(() => {
    if (settled.current || view.items.length === 0) return
    settled.current = true
    if (thread) {
      const readN = weft.threads.state(thread).get()?.read_n
      const first = readN === undefined ? undefined : view.items.find((i) => (i.message.n ?? 0) > readN)
      if (first && first.message.from !== weft.me) setNewFrom(first.message.seq)
    } else if (lane) {
      const first = view.items.find((i) => i.message.seq > lane.readSeq && i.message.from !== weft.me)
      if (first) setNewFrom(first.message.seq)
    } else setNewFrom((now) => now ?? view.firstUnreadSeq)
  }, [view, thread, lane, weft])

  const tell = useCallback(() => {
    if (held.current || !atBottom.current || document.visibilityState !== 'visible' || last === undefined)
      return
    if (last.message.seq === told.current) return
    told.current = last.message.seq
    if (thread) {
      const n = last.message.n ?? undefined
      weft.threads.markRead(thread, last.message.seq, n).catch(() => (told.current = 0))
    } else if (lane) lane.read(last.message.seq)
    else if (!conversation.me) return
    else if (
      conversation.unread ||
      conversation.unreadFrom !== null ||
      last.message.seq > (conversation.me?.read_seq ?? 0)
    )
      weft.markRead(conversation.id, last.message.seq)
  }, [weft, conversation, thread, lane, last])

  useEffect(() => {
    document.addEventListener('visibilitychange', tell)
    window.addEventListener('focus', tell)
    return () => {
      document.removeEventListener('visibilitychange', tell)
      window.removeEventListener('focus', tell)
    }
  }, [tell])
  const latest = useRef(tell)
  useEffect(() => {
    latest.current = tell
  })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const soon = useCallback(() => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => latest.current(), READ_AFTER_MS)
  }, [])
  useEffect(() => () => clearTimeout(timer.current), [])
  useEffect(soon, [soon, last])

  // What arrives while the reader is elsewhere begins a new line, unless one stands already.
  const known = useRef(last?.message.seq)
  useEffect(() => {
    const before = known.current
    known.current = last?.message.seq
    if (!last || before === undefined || last.message.seq <= before || newFrom !== null) return
    const away = document.visibilityState !== 'visible'
    if (away && last.message.from !== weft.me) setNewFrom(before + 1)
  }, [last, newFrom, weft])

  return {
    newFrom,
    /** The list reached or left its end. */
    bottom(at: boolean) {
      atBottom.current = at
      if (at) soon()
    },
    /** "Mark as unread from here": nothing is read again until the reader leaves. */
    hold(seq: number) {
      held.current = true
      setNewFrom(seq)
    },
  }
}

function newest(items: readonly TimelineItem[]): TimelineItem | undefined {
  return items.findLast((i) => i.state === 'sent')
}

function unreadFrom(conversation: Shown, view: TimelineView, part: unknown): number | null {
  if (part || !conversation.me) return null
  if (view.firstUnreadSeq !== null) return view.firstUnreadSeq
  if (conversation.me.unread_from !== null) return conversation.me.unread_from
  return conversation.unread > 0 ? conversation.me.read_seq + 1 : null
}
