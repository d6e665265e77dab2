import { useEffect, useLayoutEffect, useRef, type ReactNode, type RefObject } from 'react'
import { createPortal } from 'react-dom'
import { place, type Align, type Box, type Side } from './place'
import { cx } from './cx'
import s from './Floating.module.css'

export interface FloatingProps {
  /** What it hangs on: an element, or a point. */
  anchor: Element | { x: number; y: number }
  side?: Side | undefined
  align?: Align | undefined
  gap?: number
  className?: string | undefined
  children: ReactNode
  /** Called on a press outside, Escape, or when the anchor scrolls away. Absent: nothing closes it. */
  onClose?: (() => void) | undefined
  role?: string
  label?: string | undefined
  id?: string | undefined
  panelRef?: RefObject<HTMLDivElement | null>
}

function boxOf(anchor: FloatingProps['anchor']): Box {
  if (anchor instanceof Element) return anchor.getBoundingClientRect()
  return { left: anchor.x, right: anchor.x, top: anchor.y, bottom: anchor.y }
}

/**
 * Where the box hangs in the document: in the dialog of its anchor, because the page under a dialog is
 * inert, else in the anchor's landmark, so that readers find it there. It is drawn above everything anyway.
 */
function homeOf(anchor: FloatingProps['anchor']): Element {
  const landmark = 'dialog, main, nav, aside, section[aria-label]'
  if (anchor instanceof Element) return anchor.closest(landmark) ?? document.body
  return document.elementFromPoint(anchor.x, anchor.y)?.closest(landmark) ?? document.body
}

/**
 * A box in the browser's top layer, beside its anchor: above every dialog, clipped by nothing.
 * It follows its own size and the window's.
 */
export function Floating(props: FloatingProps) {
  const {
    anchor,
    side = 'bottom',
    align = 'start',
    gap,
    className,
    children,
    onClose,
    role,
    label,
    id,
  } = props
  const own = useRef<HTMLDivElement>(null)
  const ref = props.panelRef ?? own

  useLayoutEffect(() => {
    const panel = ref.current
    if (!panel) return
    if (panel.popover && !panel.matches(':popover-open')) panel.showPopover()
    const put = () => {
      const at = place(
        boxOf(anchor),
        panel.offsetWidth,
        panel.offsetHeight,
        { width: window.innerWidth, height: window.innerHeight },
        side,
        align,
        gap,
      )
      panel.style.left = `${at.left}px`
      panel.style.top = `${at.top}px`
    }
    put()
    const sizes = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(put)
    sizes?.observe(panel)
    window.addEventListener('resize', put)
    return () => {
      sizes?.disconnect()
      window.removeEventListener('resize', put)
    }
  }, [anchor, side, align, gap, ref])

  useEffect(() => {
    if (!onClose) return
    const press = (event: PointerEvent) => {
      const target = event.target as Element
      // A press in a box opened from this one (a submenu) is not outside.
      if (ref.current?.contains(target) || target.closest?.('[data-floating-child]')) return
      if (anchor instanceof Element && anchor.contains(target)) return
      onClose()
    }
    const key = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      event.preventDefault()
      onClose()
    }
    document.addEventListener('pointerdown', press, true)
    document.addEventListener('keydown', key, true)
    return () => {
      document.removeEventListener('pointerdown', press, true)
      document.removeEventListener('keydown', key, true)
    }
  }, [anchor, onClose, ref])

  return createPortal(
    <div
      ref={ref}
      popover="manual"
      id={id}
      role={role}
      aria-label={label}
      className={cx(s.floating, className)}
    >
      {children}
    </div>,
    homeOf(anchor),
  )
}
