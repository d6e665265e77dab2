import { useRef, type TouchEvent } from 'react'

const LONG_PRESS_MS = 450
/** A finger is never quite still; further than this it scrolls. */
const SLOP_PX = 10
const TICK_MS = 10

/**
 * A long press on touch screens, at a point of the window; Safari on phones has no context menu event. Spread
 * what it returns on the element.
 */
export function useLongPress(act: (at: { x: number; y: number }) => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const start = useRef({ x: 0, y: 0 })
  const fired = useRef(false)
  const end = () => clearTimeout(timer.current)
  return {
    onTouchStart: (event: TouchEvent) => {
      const touch = event.touches[0]
      end()
      fired.current = false
      if (!touch || event.touches.length > 1) return
      const at = { x: touch.clientX, y: touch.clientY }
      start.current = at
      timer.current = setTimeout(() => {
        fired.current = true
        navigator.vibrate?.(TICK_MS)
        act(at)
      }, LONG_PRESS_MS)
    },
    onTouchMove: (event: TouchEvent) => {
      const touch = event.touches[0]
      const { x, y } = start.current
      if (!touch || Math.hypot(touch.clientX - x, touch.clientY - y) > SLOP_PX) end()
    },
    onTouchCancel: end,
    onTouchEnd: (event: TouchEvent) => {
      end()
      // The finger that opened the menu must not press what is under it too.
      if (fired.current) event.preventDefault()
    },
  }
}
