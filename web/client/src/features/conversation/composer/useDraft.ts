import { useWeft } from '@weft/sdk/react'
import { useCallback, useEffect, useMemo, useRef } from 'react'

import type { Shown } from '../context'
import type { ComposerText } from './useComposerText'

const SAVE_AFTER_MS = 600

/**
 * Keeps a text as the conversation's draft: after a pause, on leaving, on hiding the window. What another device
 * writes is taken over while nobody writes here.
 */
export function useDraft(
  value: ComposerText,
  shown: Shown,
  thread: string | undefined,
  writing: () => boolean,
) {
  const weft = useWeft()
  const conversation = shown.id
  const { wire, text, load } = value
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

  useEffect(() => {
    const there = weft.draft(conversation, thread)
    if (there === saved.current || wire() !== saved.current || writing()) return
    saved.current = there
    load(there)
    // Runs whenever anything about the conversation changes, its drafts among it.
  }, [shown, weft, conversation, thread, wire, load, writing])

  const clear = useCallback(() => {
    clearTimeout(timer.current)
    saved.current = ''
    weft.setDraft(conversation, '', thread)
  }, [weft, conversation, thread])
  return useMemo(() => ({ flush, clear }), [flush, clear])
}
