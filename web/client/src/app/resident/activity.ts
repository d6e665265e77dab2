import type { Weft } from '@weft/sdk'
import { session } from '../../shared/session'

/** Said again at most this often. The server takes it for twice as long. */
const AGAIN_MS = 60_000
const DEEDS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const

/**
 * Tells the server whether somebody is in front of this page: then their other devices stay silent. Every org of
 * the account hears it.
 */
export function tellActivity(): void {
  let said = 0
  const tell = (on: boolean): void => {
    said = on ? Date.now() : 0
    for (const weft of session.workspaces.get()) activity(weft).say(on)
  }
  const deed = (): void => {
    if (document.visibilityState === 'visible' && Date.now() - said > AGAIN_MS) tell(true)
  }
  for (const kind of DEEDS) addEventListener(kind, deed, { passive: true, capture: true })
  document.addEventListener('visibilitychange', () =>
    document.visibilityState === 'hidden' ? tell(false) : deed(),
  )
  // One that has just been opened is in front of somebody.
  session.workspaces.subscribe(() => {
    for (const weft of session.workspaces.get()) activity(weft)
  })
  deed()
}

function activity(weft: Weft): { say(on: boolean): void } {
  return weft.extend('activity', (host) => {
    let here = document.visibilityState === 'visible'
    const say = (on: boolean): void => {
      here = on
      host.send({ t: 'active', on })
    }
    // A new connection knows nothing of this.
    host.onLive(() => host.send({ t: 'active', on: here && document.visibilityState === 'visible' }))
    return { say }
  })
}
