import type { Message } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { useEffect, useState } from 'react'

const NOTHING = (): boolean => false

/** Whether a message meets one's alerts; nothing does until they are known. */
export function useAlerted(): (message: Message) => boolean {
  const weft = useWeft()
  const [alerted, setAlerted] = useState<(message: Message) => boolean>(() => NOTHING)
  useEffect(() => {
    let end: (() => void) | undefined
    let live = true
    // A part of its own: what is imported in both ways would be cut into many small files.
    import('./alerted').then(
      ({ followAlerts }) => {
        if (live) end = followAlerts(weft, (next) => setAlerted(() => next))
      },
      // Without it nothing is marked; the next visit tries again.
      () => undefined,
    )
    return () => {
      live = false
      end?.()
    }
  }, [weft])
  return alerted
}
