import type { ConversationView } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { useMemo } from 'react'

const SHOWN = 40

/** Conversations one may write in, the most recent first; found by title or by a person's pinyin. */
export function useTargets(query: string): readonly ConversationView[] {
  const weft = useWeft()
  const all = useObservable(weft.conversations)
  return useMemo(() => {
    const q = query.trim().toLowerCase()
    const people = q ? new Set(weft.people.search(q, 50).map((p) => p.id)) : null
    const fits = (c: ConversationView) =>
      !people ||
      c.title.toLowerCase().includes(q) ||
      (c.kind === 'direct' && c.peers.some((id) => people.has(id)))
    return all
      .filter((c) => !c.archived && fits(c))
      .sort((a, b) => b.last_at - a.last_at)
      .slice(0, SHOWN)
  }, [all, query, weft])
}
