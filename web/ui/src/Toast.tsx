import { useEffect, useRef, useSyncExternalStore } from 'react'
import { X } from 'lucide-react'
import { Button, IconButton } from './Button'
import { useUiText } from './text'
import { cx } from './cx'
import s from './Toast.module.css'

export interface ToastOptions {
  text: string
  tone?: 'neutral' | 'danger'
  /** Present: an undo button; the toast then stays longer. */
  undo?: () => void
  /** Another act than undo. */
  action?: { label: string; run: () => void }
  /** It stays until it is answered. */
  lasting?: boolean
}

interface Item extends ToastOptions {
  id: number
}

const MAX = 3
let items: readonly Item[] = []
let next = 1
const listeners = new Set<() => void>()

function set(value: readonly Item[]) {
  items = value
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Says something for a few seconds at the top of the page, where it covers no composer; at most three at once. Returns how to take it back. */
export function toast(options: ToastOptions): () => void {
  const id = next++
  set([...items, { ...options, id }].slice(-MAX))
  return () => dismiss(id)
}

/** Takes all toasts away: what they offered to undo is out of reach, after signing out for one. */
export function clearToasts(): void {
  set([])
}

function dismiss(id: number) {
  set(items.filter((item) => item.id !== id))
}

/** The place where toasts appear; mounted once. */
export function Toaster() {
  const shown = useSyncExternalStore(subscribe, () => items)
  const text = useUiText()
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const box = ref.current
    if (!box?.showPopover) return
    // Reopening raises it above a dialog that was opened since.
    if (box.matches(':popover-open')) box.hidePopover()
    if (shown.length) box.showPopover()
  }, [shown])
  return (
    <div
      ref={ref}
      popover="manual"
      className={s.stack}
      role="region"
      aria-live="polite"
      aria-label={text.notifications}
    >
      {shown.map((item) => (
        <ToastLine key={item.id} item={item} />
      ))}
    </div>
  )
}

function ToastLine({ item }: { item: Item }) {
  const text = useUiText()
  const action = item.undo ? { label: text.undo, run: item.undo } : item.action
  useEffect(() => {
    if (item.lasting) return
    const timer = setTimeout(() => dismiss(item.id), action ? 8000 : 4500)
    return () => clearTimeout(timer)
  }, [item.id, item.lasting, action === undefined])
  return (
    <div className={cx(s.toast, item.tone === 'danger' && s.danger)}>
      <span>{item.text}</span>
      {action && (
        <Button
          size="s"
          variant="ghost"
          className={s.act}
          onClick={() => {
            dismiss(item.id)
            action.run()
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton
        size="s"
        label={text.dismiss}
        className={s.cross}
        icon={<X size={14} />}
        onClick={() => dismiss(item.id)}
      />
    </div>
  )
}
