import { Problem, type Conversation } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { useCallback, useEffect, useMemo, useState } from 'react'

import type { Shown } from './context'

/** A conversation by id: a joined one from memory, a public channel not joined from the server. */
export function useShown(id: string): {
  shown: Shown | undefined
  problem: Problem | null
  retry: () => void
} {
  const weft = useWeft()
  const joined = useObservable(useMemo(() => weft.conversation(id), [weft, id]))
  const [looked, setLooked] = useState<Conversation | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [turn, setTurn] = useState(0)
  const missing = joined === undefined
  useEffect(() => {
    if (!missing) return
    let live = true
    setProblem(null)
    weft.api.conversations.get(id).then(
      (c) => live && setLooked(c),
      (error: unknown) => live && setProblem(Problem.of(error)),
    )
    return () => {
      live = false
    }
  }, [weft, id, missing, turn])
  const shown = useMemo<Shown | undefined>(() => {
    if (joined) return joined
    if (looked?.id !== id) return undefined
    return {
      ...looked,
      // Only a joined conversation has the reader's own marks; what was left has none.
      me: null,
      title: looked.name,
      unread: 0,
      mentions: 0,
      unreadFrom: null,
      failed: false,
      people: [],
    }
  }, [joined, looked, id])
  return { shown, problem, retry: useCallback(() => setTurn((n) => n + 1), []) }
}
