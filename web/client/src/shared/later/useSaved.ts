import { laterOf } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'

import './words'

/** Whether a message is kept for later. */
export function useSaved(message: string): boolean {
  const weft = useWeft()
  return useObservable(laterOf(weft).saved).has(message)
}
