import { useWeft } from '@weft/sdk/react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { follow, fromWire, toWire, wireIds, type Ref } from './refs'

/** The composer's text with the ids behind its mentions. */
export interface TextState {
  text: string
  refs: readonly Ref[]
}

/** Holds a text being written; `wire` forms come in and go out. */
export function useText(initialWire: string) {
  const weft = useWeft()
  const { t } = useTranslation('conversation')
  const label = useCallback(
    (id: string) => {
      if (id === 'all' || id === 'here') return t(id === 'all' ? 'atAll' : 'atHere')
      return id.startsWith('cnv_') ? weft.conversation(id).get()?.name : weft.person(id).get()?.name
    },
    [weft, t],
  )
  const [state, setState] = useState<TextState>(() => fromWire(initialWire, label))
  const latest = useRef(state)
  latest.current = state

  const set = useCallback((next: TextState) => {
    latest.current = next
    setState(next)
  }, [])

  /** The person changed the text; `caret` tells where. */
  const typed = useCallback(
    (text: string, caret: number) => {
      const now = latest.current
      set({ text, refs: follow(now.refs, now.text, text, caret) })
    },
    [set],
  )
  const load = useCallback((wire: string) => set(fromWire(wire, label)), [set, label])
  const mention = useCallback(
    (ref: Ref) => set({ text: latest.current.text, refs: [...latest.current.refs, ref] }),
    [set],
  )
  const wire = useCallback(() => toWire(latest.current.text, latest.current.refs), [])

  // A draft may name people who are not known yet: their names take the ids' places when they come.
  useEffect(() => {
    const waiting = wireIds(latest.current.text).filter((id) => id.startsWith('usr_'))
    const stops = waiting.map((id) => weft.person(id).subscribe(() => weft.person(id).get() && load(wire())))
    return () => stops.forEach((stop) => stop())
  }, [weft, load, wire, initialWire])

  return { ...state, typed, load, mention, wire }
}
