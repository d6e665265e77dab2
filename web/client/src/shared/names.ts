import { useWeft } from '@weft/sdk/react'
import { useCallback, useMemo, useRef, useSyncExternalStore } from 'react'

/** Names of several people; an id whose person is not known yet gives an empty string. */
export function useNames(ids: readonly string[]): string[] {
  const weft = useWeft()
  const key = ids.join(' ')
  const people = useMemo(() => (key ? key.split(' ').map((id) => weft.person(id)) : []), [weft, key])
  const last = useRef<string[]>([])
  const subscribe = useCallback(
    (fn: () => void) => {
      const stops = people.map((p) => p.subscribe(fn))
      return () => stops.forEach((stop) => stop())
    },
    [people],
  )
  return useSyncExternalStore(subscribe, () => {
    const names = people.map((p) => p.get()?.name ?? '')
    const same = names.length === last.current.length && names.every((n, i) => n === last.current[i])
    return same ? last.current : (last.current = names)
  })
}

/** Joins names as the language does: "A, B and C", 「A、B和C」. */
export function joinNames(names: readonly string[], locale: string): string {
  return new Intl.ListFormat(locale, { style: 'long', type: 'conjunction' }).format(names)
}
