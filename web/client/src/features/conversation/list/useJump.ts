import type { Timeline } from '@weft/sdk'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'

import { toastProblem } from '../../../shared/problem'
import type { Row } from '../rows'
import type { ListHandle } from './AnchoredList'

/** Where a row lands that was jumped to for reading on from it, px below the top edge. */
const TOP = 96

export interface Target {
  key: string
  where: number | 'middle'
  token: number
}

/** Jumps: waits for the timeline, then names the row to put in place. */
export function useJump(
  timeline: Timeline,
  rows: readonly Row[],
  seq: number | undefined,
  hasLine: boolean,
  /** Where the reader marked the conversation unread. */
  markedFrom: number | null,
) {
  const [wish, setWish] = useState<{
    seq: number
    where: number | 'middle'
    token: number
    lit: boolean
  } | null>(null)
  const [target, setTarget] = useState<Target | null>(null)
  const [lit, setLit] = useState<number | null>(null)
  const token = useRef(0)

  const go = useCallback(
    async (to: Parameters<Timeline['jumpTo']>[0], where: number | 'middle', light: boolean) => {
      const mine = ++token.current
      const near = typeof to === 'object' && 'seq' in to ? to.seq : null
      const items = timeline.view.get().items
      const loaded = near !== null && items.some((i) => i.message.seq === near)
      if (!loaded) await timeline.jumpTo(to).catch(toastProblem)
      if (mine !== token.current) return
      const now = timeline.view.get().items
      const found = near ?? ('at' in (to as object) ? firstAt(now, (to as { at: number }).at) : null)
      if (found !== null) setWish({ seq: found, where, token: mine, lit: light })
    },
    [timeline],
  )

  // A wish becomes a target as soon as its row is there.
  useEffect(() => {
    if (!wish) return
    const row = rows.find((r) => rowSeq(r) >= wish.seq)
    if (!row) return
    setTarget({ key: row.key, where: wish.where, token: wish.token })
    if (wish.lit) setLit(wish.seq)
    setWish(null)
  }, [wish, rows])

  // On entering: the permalink, else the "new" line if it is there; else where the reader marked it unread,
  // else the list stays at its end.
  const entered = useRef(false)
  useLayoutEffect(() => {
    if (entered.current || (rows.length === 0 && seq === undefined)) return
    entered.current = true
    if (seq !== undefined) void go({ seq }, 'middle', true)
    else if (!hasLine && markedFrom !== null) void go({ seq: markedFrom }, TOP, false)
    else if (hasLine) setTarget({ key: 'new', where: TOP, token: ++token.current })
    else if (timeline.view.get().hasAfter) void timeline.jumpTo('newest')
  }, [rows, seq, hasLine, markedFrom, go, timeline])
  const lastSeq = useRef(seq)
  useEffect(() => {
    if (seq !== undefined && seq !== lastSeq.current) void go({ seq }, 'middle', true)
    lastSeq.current = seq
  }, [seq, go])

  useEffect(() => {
    if (lit === null) return
    const timer = setTimeout(() => setLit(null), 2400)
    return () => clearTimeout(timer)
  }, [lit])

  return {
    target,
    lit,
    toDate: (at: number) => void go({ at }, TOP, false),
    toUnread: (at: number) => void go({ seq: at }, TOP, false),
    toNewest: (far: boolean, list: ListHandle | null) => {
      token.current++
      if (!far) list?.toBottom()
      else void timeline.jumpTo('newest').then(() => list?.toBottom(), toastProblem)
    },
  }
}

function rowSeq(row: Row): number {
  if (row.kind === 'message') return row.item.message.seq
  return row.kind === 'system' ? row.items.at(-1)!.message.seq : -1
}

function firstAt(items: readonly { message: { at: number; seq: number } }[], at: number): number | null {
  return (items.find((i) => i.message.at >= at) ?? items.at(-1))?.message.seq ?? null
}
