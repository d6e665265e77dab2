import { useSyncExternalStore } from 'react'
import { session, type SessionState } from '../shared/session'

const subscribe = (fn: () => void) => session.subscribe(fn)
const get = () => session.get()

/** Who is signed in, followed. */
export function useSession(): SessionState {
  return useSyncExternalStore(subscribe, get)
}
