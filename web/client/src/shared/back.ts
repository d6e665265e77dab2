import { useCallback } from 'react'
import { useLocation } from 'wouter'

/** The part of the Navigation API that is used, where a browser has it. */
interface Trail {
  currentEntry: { index: number } | null
  entries(): { url: string | null }[]
}

/**
 * Leads to `to` as a back button does: where the reader came from there, by going back, so that the browser's
 * own back then leads further and not in a circle; else forward to it.
 */
export function useBack(to: string): () => void {
  const [, go] = useLocation()
  return useCallback(() => {
    if (previous() === to) history.back()
    else go(to)
  }, [go, to])
}

function previous(): string | null {
  const { navigation } = window as unknown as { navigation?: Trail }
  const at = navigation?.currentEntry?.index ?? 0
  const url = navigation?.entries()[at - 1]?.url
  if (!url) return null
  const { pathname, search } = new URL(url)
  return pathname + search
}
