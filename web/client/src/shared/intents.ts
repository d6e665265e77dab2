import { useEffect, useRef } from 'react'

/**
 * What one feature asks of the app without knowing who does it. The frame (or another feature)
 * listens; features never import each other.
 */
export interface Intents {
  /** Opens the quick switcher (Ctrl/⌘ K). */
  switcher: { query?: string }
  /** Shows a person's card beside an element or at a point. */
  profile: { person: string; anchor: Element | { x: number; y: number } }
  /** Opens the dialog that starts a direct or group conversation, with people already in. */
  'new-message': { people?: string[] }
  'create-channel': { name?: string }
  /** Opens the invitation page (admins) from an empty place. */
  'add-people': { conversation: string }
  /** Shows or hides the list where it does not stand open. */
  'toggle-list': Record<string, never>
  /** Shows the keyboard map. */
  shortcuts: Record<string, never>
  /** Puts the caret into the composer of the conversation in sight. */
  'focus-composer': Record<string, never>
}

type Handler<K extends keyof Intents> = (payload: Intents[K]) => void
const handlers = new Map<keyof Intents, Set<Handler<never>>>()

/** Asks for something to be done; false when nobody listens. */
export function emitIntent<K extends keyof Intents>(kind: K, payload: Intents[K]): boolean {
  const all = handlers.get(kind)
  if (!all?.size) return false
  for (const handler of all) (handler as Handler<K>)(payload)
  return true
}

/** Listens for an intent while mounted. */
export function useIntent<K extends keyof Intents>(kind: K, handler: Handler<K>): void {
  const latest = useRef(handler)
  useEffect(() => {
    latest.current = handler
  })
  useEffect(() => {
    const call: Handler<K> = (payload) => latest.current(payload)
    const all = handlers.get(kind) ?? new Set()
    handlers.set(kind, all.add(call as Handler<never>))
    return () => void all.delete(call as Handler<never>)
  }, [kind])
}
