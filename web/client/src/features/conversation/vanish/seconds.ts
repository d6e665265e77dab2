import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let now = Math.floor(Date.now() / 1000)

function tick(): void {
  now = Math.floor(Date.now() / 1000)
  for (const fn of listeners) fn()
}

function subscribe(fn: () => void): () => void {
  listeners.add(fn)
  if (timer === undefined) {
    now = Math.floor(Date.now() / 1000)
    timer = setInterval(tick, 1000)
  }
  return () => {
    listeners.delete(fn)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

const still = (): (() => void) => () => {}

/** The present second; one timer for all who look. Whoever does not count is not called. */
export function useSecond(counting: boolean): number {
  return useSyncExternalStore(counting ? subscribe : still, () => now)
}
