import { useSyncExternalStore } from 'react'

import { EmojiIndex, type EmojiRow } from './search'

export type { Emoji } from './search'
export { EmojiIndex } from './search'

let index: EmojiIndex | undefined
let pending: Promise<EmojiIndex> | undefined
const listeners = new Set<() => void>()

/** Loads the emoji table (about 85 KB compressed) on first use. */
export function loadEmoji(): Promise<EmojiIndex> {
  pending ??= import('./data.json').then(({ default: groups }) => {
    index = new EmojiIndex(groups as unknown as EmojiRow[][])
    for (const fn of listeners) fn()
    return index
  })
  // A failed download may be tried again.
  pending.catch(() => (pending = undefined))
  return pending
}

const subscribe = (fn: () => void) => {
  listeners.add(fn)
  void loadEmoji().catch(() => undefined)
  return () => listeners.delete(fn)
}

/** The emoji table, or undefined while it loads; a component that calls this starts the download. */
export function useEmoji(): EmojiIndex | undefined {
  return useSyncExternalStore(subscribe, () => index)
}
