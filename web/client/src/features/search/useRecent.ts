import { useCallback } from 'react'

import { useSetting } from '../../shared/hooks'
import { remembered } from './model'

const NONE: string[] = []

/** What was searched for lately, on every device. */
export function useRecent() {
  const [stored, set] = useSetting<string[]>('search.recent', NONE)
  const recent = Array.isArray(stored) ? stored.filter((each) => typeof each === 'string') : NONE
  const key = recent.join('\n')
  const remember = useCallback(
    (query: string) => {
      const before = key ? key.split('\n') : []
      const next = remembered(before, query)
      if (next.join('\n') !== key) set(next)
    },
    [key, set],
  )
  const forget = (query: string | null) => {
    const left = query === null ? [] : recent.filter((each) => each !== query)
    set(left.length ? left : null)
  }
  return { recent, remember, forget }
}
