import { useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import css from './message.module.css'

const MAX = 600
/** Folding away less than this would hide more than it saves. */
const SLACK = 120

/** Folds what is taller than 600 px; `remember` keeps what was unfolded while the row comes and goes. */
export function Fold({ id, remember, children }: { id: string; remember: Set<string>; children: ReactNode }) {
  const { t } = useTranslation('conversation')
  const box = useRef<HTMLDivElement>(null)
  const [tall, setTall] = useState(false)
  const [open, setOpen] = useState(() => remember.has(id))
  useLayoutEffect(() => {
    const el = box.current
    if (!el) return
    const measure = () => setTall(el.scrollHeight > MAX + SLACK)
    measure()
    const observer = new ResizeObserver(measure)
    if (el.firstElementChild) observer.observe(el.firstElementChild)
    return () => observer.disconnect()
  }, [])
  const toggle = () => {
    if (open) remember.delete(id)
    else remember.add(id)
    setOpen(!open)
  }
  const folded = tall && !open
  return (
    <>
      <div ref={box} className={folded ? css.folded : undefined}>
        <div>{children}</div>
      </div>
      {tall && (
        <button type="button" className={css.foldButton} aria-expanded={open} onClick={toggle}>
          {t(open ? 'showLess' : 'showMore')}
        </button>
      )}
    </>
  )
}
