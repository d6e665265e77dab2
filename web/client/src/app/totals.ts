import { useCallback, useRef, useSyncExternalStore } from 'react'
import { session } from '../shared/session'

export interface OrgTotal {
  org: string
  unread: number
  mentions: number
}

/** What is unread in every org that is open now. */
export function useOrgTotals(): readonly OrgTotal[] {
  const last = useRef<readonly OrgTotal[]>([])
  const subscribe = useCallback((fn: () => void) => {
    let ends: (() => void)[] = []
    const wire = () => {
      for (const end of ends) end()
      ends = session.workspaces.get().map((weft) => weft.unreadTotal.subscribe(fn))
      fn()
    }
    const end = session.workspaces.subscribe(wire)
    ends = session.workspaces.get().map((weft) => weft.unreadTotal.subscribe(fn))
    return () => {
      end()
      for (const each of ends) each()
    }
  }, [])
  return useSyncExternalStore(subscribe, () => {
    const now = session.workspaces.get().map((weft) => ({ org: weft.org, ...weft.unreadTotal.get() }))
    const same =
      now.length === last.current.length &&
      now.every((total, at) => {
        const old = last.current[at]
        return old?.org === total.org && old.unread === total.unread && old.mentions === total.mentions
      })
    if (!same) last.current = now
    return last.current
  })
}
