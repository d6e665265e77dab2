import { useRef, type RefObject, type TouchEvent } from 'react'

/** From here on a swipe acts. */
const ACTS_PX = 96
/** Until here it may still be a scroll. */
const SLOP_PX = 14

type Touches = Record<'onTouchStart' | 'onTouchMove' | 'onTouchEnd', (event: TouchEvent) => void> & {
  onTouchCancel: () => void
}

/**
 * A swipe to the left on an element, which follows the finger; what else listens to touches hears of them first.
 * Without `act` there is none.
 */
export function useSwipe(
  element: RefObject<HTMLElement | null>,
  others: Touches,
  act: (() => void) | undefined,
): Touches {
  const start = useRef<{ x: number; y: number } | null>(null)
  const moved = useRef(0)
  const show = (by: number) => {
    moved.current = by
    const el = element.current
    if (!el) return
    el.style.transform = by ? `translateX(${-by}px)` : ''
    el.style.opacity = by ? String(Math.max(0.4, 1 - by / 400)) : ''
  }
  const end = () => {
    start.current = null
    show(0)
  }
  if (!act) return others
  return {
    onTouchStart(event) {
      others.onTouchStart(event)
      const touch = event.touches[0]
      start.current = touch && event.touches.length === 1 ? { x: touch.clientX, y: touch.clientY } : null
    },
    onTouchMove(event) {
      others.onTouchMove(event)
      const touch = event.touches[0]
      if (!touch || !start.current) return
      const [x, y] = [start.current.x - touch.clientX, Math.abs(touch.clientY - start.current.y)]
      if (y > SLOP_PX && moved.current === 0) start.current = null
      else if (x > SLOP_PX) show(x)
      else if (moved.current) show(Math.max(0, x))
    },
    onTouchEnd(event) {
      others.onTouchEnd(event)
      if (moved.current) event.preventDefault()
      const acts = moved.current >= ACTS_PX
      end()
      if (acts) act()
    },
    onTouchCancel() {
      others.onTouchCancel()
      end()
    },
  }
}
