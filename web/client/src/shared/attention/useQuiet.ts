import type { Dnd } from '@weft/sdk'
import { isQuiet, nextLook } from '@weft/sdk/attention'
import { useEffect, useState } from 'react'

/** Whether do-not-disturb holds, by this device's clock. */
export function useQuiet(dnd: Dnd | null | undefined): boolean {
  const [, look] = useState(0)
  useEffect(() => {
    if (!dnd) return
    let timer: ReturnType<typeof setTimeout>
    const wait = () => {
      timer = setTimeout(() => {
        look((n) => n + 1)
        wait()
      }, nextLook(dnd))
    }
    wait()
    return () => clearTimeout(timer)
  }, [dnd])
  return isQuiet(dnd)
}
