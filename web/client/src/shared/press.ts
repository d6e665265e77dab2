import { useRef, type TouchEvent } from 'react'

const LONG_PRESS_MS = 450

/**
 * A long press on touch screens, at a point of the window; Safari on phones has no context menu event. Spread
 * what it returns on the element.
 */
export function useLongPress(act: (at: { x: number; y: number }) => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const fired = useRef(false)
  const end = () => clearTimeout(timer.current)
  return {
    onTouchStart: (event: TouchEvent) => {
      const touch = event.touches[0]
      end()
      fired.current = false
      if (!touch || event.touches.length > 1) return
      const at = { x: touch.clientX, y: touch.clientY }
      timer.current = setTimeout(() => {
        fired.current = true
        act(at)
      }, LONG_PRESS_MS)
    },
    onTouchMove: end,
    onTouchCancel: end,
    onTouchEnd: (event: TouchEvent) => {
      end()
      // The finger that opened the menu must not press what is under it too.
      if (fired.current) event.preventDefault()
    },
  }
}
