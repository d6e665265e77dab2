import { useCallback, useEffect, useRef, useState } from 'react'

import { follow, fromWire, toWire, wireIds, type Ref } from './refs'
import type { ComposerText } from './useComposerText'
import { useNames } from './useNames'

/** The text as it reads, with the ids behind its mentions. */
interface PlainText {
  text: string
  refs: readonly Ref[]
}

/** A text for a plain text box: names stand in it where the wire has ids. */
export function usePlainText(value: ComposerText) {
  const { label, watch } = useNames()
  const [state, setState] = useState<PlainText>(() => fromWire(value.wire(), label))
  const latest = useRef(state)
  const { wire, typed: tell, loads } = value

  const show = useCallback((next: PlainText) => {
    latest.current = next
    setState(next)
  }, [])
  const set = useCallback(
    (next: PlainText) => {
      show(next)
      tell(toWire(next.text, next.refs))
    },
    [show, tell],
  )
  /** The person changed the text; `caret` tells where. */
  const typed = useCallback(
    (text: string, caret: number) => {
      const now = latest.current
      set({ text, refs: follow(now.refs, now.text, text, caret) })
    },
    [set],
  )
  const mention = useCallback(
    (ref: Ref) => set({ text: latest.current.text, refs: [...latest.current.refs, ref] }),
    [set],
  )

  const shown = useRef(loads)
  useEffect(() => {
    const load = () => show(fromWire(wire(), label))
    if (shown.current !== loads) load()
    shown.current = loads
    // A draft may name people who are not known yet: their names take the ids' places when they come.
    const waiting = wireIds(latest.current.text).filter((id) => id.startsWith('usr_'))
    const stops = waiting.map((id) => watch(id, () => label(id) && load()))
    return () => stops.forEach((stop) => stop())
  }, [loads, wire, label, watch, show])

  return { text: state.text, typed, mention }
}
