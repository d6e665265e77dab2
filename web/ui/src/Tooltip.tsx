import { cloneElement, useEffect, useRef, useState, type ReactElement, type ReactNode } from 'react'
import { Floating } from './Floating'
import type { Side } from './place'
import { Kbd } from './Small'
import s from './Tooltip.module.css'

const DELAY = 350
/** Once one tooltip was shown, its neighbours answer at once for this long. */
const WARM = 400
let lastHidden = 0

export interface TooltipProps {
  label: ReactNode
  /** Keys, separated by spaces. */
  keys?: string | undefined
  side?: Side | undefined
  /** One element that takes pointer and focus handlers and forwards its DOM events. */
  children: ReactElement<React.HTMLAttributes<HTMLElement>>
}

/** A short name beside a control, on hover after a moment or on keyboard focus. Never the only way to a name. */
export function Tooltip({ label, keys, side = 'bottom', children }: TooltipProps) {
  const [anchor, setAnchor] = useState<Element | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const hide = () => {
    clearTimeout(timer.current)
    if (anchor) lastHidden = Date.now()
    setAnchor(null)
  }
  useEffect(() => () => clearTimeout(timer.current), [])
  const own = children.props
  const child = cloneElement(children, {
    onPointerEnter(event: React.PointerEvent<HTMLElement>) {
      own.onPointerEnter?.(event)
      if (event.pointerType === 'touch') return
      const target = event.currentTarget
      const wait = Date.now() - lastHidden < WARM ? 0 : DELAY
      clearTimeout(timer.current)
      timer.current = setTimeout(() => setAnchor(target), wait)
    },
    onPointerLeave(event: React.PointerEvent<HTMLElement>) {
      own.onPointerLeave?.(event)
      hide()
    },
    onPointerDown(event: React.PointerEvent<HTMLElement>) {
      own.onPointerDown?.(event)
      hide()
    },
    onFocus(event: React.FocusEvent<HTMLElement>) {
      own.onFocus?.(event)
      if (event.currentTarget.matches(':focus-visible')) setAnchor(event.currentTarget)
    },
    onBlur(event: React.FocusEvent<HTMLElement>) {
      own.onBlur?.(event)
      hide()
    },
  })
  return (
    <>
      {child}
      {anchor && (
        <Floating anchor={anchor} side={side} align="center" gap={6} className={s.tip} role="tooltip">
          {label}
          {keys && <Kbd keys={keys} />}
        </Floating>
      )}
    </>
  )
}
