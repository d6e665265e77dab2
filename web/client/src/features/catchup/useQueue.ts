import { useWeft } from '@weft/sdk/react'
import { toast } from '@weft/ui'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'

import { chosenLevel } from '../../shared/attention/levels'
import { paths } from '../../shared/paths'
import { toastProblem } from '../../shared/problem'
import type { Entry } from './model'

/** Replies count as read for good after this: the server knows no way back. */
const SETTLE_MS = 8000

export interface Queue {
  /** Which entry is shown; at the end there is none. */
  at: number
  read(): void
  keep(): void
  mute(): void
  open(): void
  next(): void
  back(): void
  /** Takes the last act back and returns to where it was done. */
  undo(): void
}

/** Goes through entries; every act leads to the next one and can be taken back. */
export function useQueue(entries: readonly Entry[]): Queue {
  const { t } = useTranslation('attention')
  const weft = useWeft()
  const [, go] = useLocation()
  const [at, setAt] = useState(0)
  const done = useRef<{ at: number; back: () => void }[]>([])
  const settling = useRef(new Map<string, { timer: ReturnType<typeof setTimeout>; run: () => void }>())
  useEffect(() => {
    const held = settling.current
    const all = () => {
      for (const { timer, run } of held.values()) {
        clearTimeout(timer)
        run()
      }
      held.clear()
    }
    window.addEventListener('pagehide', all)
    return () => {
      window.removeEventListener('pagehide', all)
      all()
    }
  }, [])
  return useMemo(() => {
    const entry = entries[at]
    const title = (of: Entry) => weft.conversation(of.conversation).get()?.title ?? ''
    const undo = () => {
      const last = done.current.pop()
      if (!last) return
      last.back()
      setAt(last.at)
    }
    const act = (text: string, back: () => void) => {
      const step = { at, back }
      done.current.push(step)
      setAt(at + 1)
      toast({ text, undo: () => done.current.at(-1) === step && undo() })
    }
    return {
      at,
      read: () => {
        if (!entry) return
        act(t('catchup.read', { name: title(entry) }), readEntry(weft, entry, settling.current))
      },
      keep: () => entry && act(t('catchup.kept', { name: title(entry) }), () => {}),
      mute: () => {
        const view = entry && weft.conversation(entry.conversation).get()
        if (!view) return
        const before = chosenLevel(view)
        const put = (level: typeof before) => weft.setMembership(view.id, { level }).catch(toastProblem)
        void put('nothing')
        act(t('catchup.muted', { name: view.title }), () => void put(before))
      },
      open: () => {
        if (!entry) return
        const path = paths.conversation(weft.org, entry.conversation)
        go(entry.thread ? `${path}?thread=${entry.thread.root}` : path)
      },
      next: () => entry && setAt(at + 1),
      back: () => setAt(Math.max(0, at - 1)),
      undo,
    }
  }, [entries, at, weft, t, go])
}

/** Reads an entry; answers how to take that back. */
function readEntry(
  weft: ReturnType<typeof useWeft>,
  entry: Entry,
  settling: Map<string, { timer: ReturnType<typeof setTimeout>; run: () => void }>,
): () => void {
  const { thread } = entry
  if (!thread) {
    weft.markRead(entry.conversation, entry.headSeq)
    return () => {
      const seq = firstUnread.get(entry.key)
      if (seq !== undefined) void weft.markUnread(entry.conversation, seq).catch(toastProblem)
    }
  }
  const run = () => {
    settling.delete(entry.key)
    const seq = lastReply.get(entry.key)
    if (seq !== undefined) void weft.threads.markRead(thread.root, seq, entry.lastN).catch(() => undefined)
  }
  settling.set(entry.key, { timer: setTimeout(run, SETTLE_MS), run })
  return () => {
    clearTimeout(settling.get(entry.key)?.timer)
    settling.delete(entry.key)
  }
}

/** Places that the cards found out: of the first unread message, of a thread's last reply. */
export const firstUnread = new Map<string, number>()
export const lastReply = new Map<string, number>()
