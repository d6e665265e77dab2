import { useCallback, useMemo, useRef, useState } from 'react'

/** A text being written, in the form that is sent. */
export interface ComposerText {
  text: string
  /** Counts the texts that came from elsewhere, such as another device's draft; surfaces show the new one. */
  loads: number
  /** The text at this moment, before the page has drawn it. */
  wire(): string
  load(text: string): void
  /** The person changed it. */
  typed(text: string): void
}

/** Holds a text for whichever surface edits it. */
export function useComposerText(initial: string): ComposerText {
  const [state, setState] = useState({ text: initial, loads: 0 })
  const latest = useRef(state)
  const set = useCallback((text: string, loads: number) => {
    if (latest.current.text === text && latest.current.loads === loads) return
    latest.current = { text, loads }
    setState(latest.current)
  }, [])
  const wire = useCallback(() => latest.current.text, [])
  const load = useCallback((text: string) => set(text, latest.current.loads + 1), [set])
  const typed = useCallback((text: string) => set(text, latest.current.loads), [set])
  return useMemo(() => ({ ...state, wire, load, typed }), [state, wire, load, typed])
}
