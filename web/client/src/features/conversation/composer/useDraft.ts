import { useWeft } from '@weft/sdk/react'
import { useCallback, useEffect, useMemo, useRef } from 'react'

import type { useText } from './useText'

const SAVE_AFTER_MS = 600

/** Keeps a text as the conversation's draft: after a pause, on leaving, on hiding the window. */
export function useDraft(
  value: ReturnType<typeof useText>,
  conversation: string,
  thread: string | undefined,
) {
  const weft = useWeft()
  const { wire, text } = value
  const saved = useRef(weft.draft(conversation, thread))
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  const flush = useCallback(() => {
    clearTimeout(timer.current)
    const now = wire()
    if (now === saved.current) return
    saved.current = now
    weft.setDraft(conversation, now, thread)
  }, [weft, wire, conversation, thread])

  useEffect(() => {
    clearTimeout(timer.current)
    timer.current = setTimeout(flush, SAVE_AFTER_MS)
    return () => clearTimeout(timer.current)
  }, [text, flush])

  useEffect(() => {
    addEventListener('pagehide', flush)
    document.addEventListener('visibilitychange', flush)
    return () => {
      removeEventListener('pagehide', flush)
      document.removeEventListener('visibilitychange', flush)
      flush()
    }
  }, [flush])

  const clear = useCallback(() => {
    clearTimeout(timer.current)
    saved.current = ''
    weft.setDraft(conversation, '', thread)
  }, [weft, conversation, thread])
  return useMemo(() => ({ flush, clear }), [flush, clear])
}
