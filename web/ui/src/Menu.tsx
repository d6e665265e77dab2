import { useEffect, useRef, useState, type ReactElement, type ReactNode, cloneElement } from 'react'
import { Check, ChevronRight } from 'lucide-react'
import { Floating } from './Floating'
import type { Align, Side } from './place'
import { cx } from './cx'
import { Kbd } from './Small'
import s from './Menu.module.css'

/** One line of a menu; `'-'` is a dividing line. */
export type MenuItem =
  | '-'
  | {
      label: string
      icon?: ReactNode
      keys?: string | undefined
      /** A quiet second line. */
      hint?: string | undefined
      danger?: boolean | undefined
      disabled?: boolean | undefined
      /** Present: the item is one of a choice and shows a tick when true. */
      checked?: boolean | undefined
      /** A further menu instead of an act. */
      items?: MenuItem[] | undefined
      onSelect?: (() => void) | undefined
    }

interface MenuListProps {
  anchor: Element | { x: number; y: number }
  items: readonly (MenuItem | false | null | undefined)[]
  label: string
  side?: Side | undefined
  align?: Align | undefined
  onClose: () => void
  header?: ReactNode
  child?: boolean
}

/** An open menu beside an element, or at a point (a context menu). Arrows, Home, End, letters, Escape. */
export function MenuList({ anchor, items, label, side, align, onClose, header, child }: MenuListProps) {
  const panel = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState<{ index: number; anchor: Element } | null>(null)
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null
    buttons(panel.current)[0]?.focus()
    return () => {
      if (before?.isConnected) before.focus({ preventScroll: true })
    }
  }, [])
  const lines = items.filter((item): item is MenuItem => Boolean(item))
  const onKeyDown = (event: React.KeyboardEvent) => {
    const all = buttons(panel.current)
    const at = all.indexOf(document.activeElement as HTMLButtonElement)
    const go = (index: number) => {
      event.preventDefault()
      event.stopPropagation()
      all[(index + all.length) % all.length]?.focus()
    }
    if (event.key === 'ArrowDown') go(at + 1)
    else if (event.key === 'ArrowUp') go(at - 1)
    else if (event.key === 'Home') go(0)
    else if (event.key === 'End') go(-1)
    else if (event.key === 'ArrowLeft' && child) onClose()
    else if (event.key === 'ArrowRight') {
      if (all[at]?.dataset.sub) all[at].click()
    } else if (event.key === 'Tab') onClose()
    else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
      const key = event.key.toLocaleLowerCase()
      const next = [...all.slice(at + 1), ...all].find((b) =>
        b.textContent?.toLocaleLowerCase().startsWith(key),
      )
      next?.focus()
    }
    if (event.key !== 'Escape') event.stopPropagation()
  }
  return (
    <Floating
      anchor={anchor}
      side={side}
      align={align}
      onClose={onClose}
      className={s.panel}
      panelRef={panel}
    >
      {header}
      <div role="menu" aria-label={label} onKeyDown={onKeyDown} data-floating-child={child || undefined}>
        {lines.map((item, index) =>
          item === '-' ? (
            <hr key={index} className={s.line} />
          ) : (
            <button
              key={index}
              type="button"
              role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
              aria-checked={item.checked}
              aria-haspopup={item.items ? 'menu' : undefined}
              aria-expanded={item.items ? open?.index === index : undefined}
              data-sub={item.items ? true : undefined}
              disabled={item.disabled}
              tabIndex={-1}
              className={cx(s.item, item.danger && s.danger)}
              onPointerEnter={(event) => setOpen(item.items ? { index, anchor: event.currentTarget } : null)}
              onPointerMove={(event) => !open && event.currentTarget.focus({ preventScroll: true })}
              onClick={(event) => {
                if (item.items) return setOpen({ index, anchor: event.currentTarget })
                onClose()
                item.onSelect?.()
              }}
            >
              {item.icon !== undefined && <span className={s.icon}>{item.icon}</span>}
              <span className={s.label}>
                {item.label}
                {item.hint && <small className={s.hint}>{item.hint}</small>}
              </span>
              {item.keys && <Kbd keys={item.keys} />}
              {item.checked && <Check size={16} className={s.tick} aria-hidden />}
              {item.items && <ChevronRight size={16} className={s.tick} aria-hidden />}
              {item.items && open?.index === index && (
                <MenuList
                  anchor={open.anchor}
                  items={item.items.map((sub) => wrap(sub, onClose))}
                  label={item.label}
                  side="right"
                  align="start"
                  onClose={() => setOpen(null)}
                  child
                />
              )}
            </button>
          ),
        )}
      </div>
    </Floating>
  )
}

/** A submenu's choice closes the whole menu. */
function wrap(item: MenuItem, close: () => void): MenuItem {
  if (item === '-' || !item.onSelect) return item
  const act = item.onSelect
  return {
    ...item,
    onSelect: () => {
      close()
      act()
    },
  }
}

function buttons(panel: HTMLElement | null): HTMLButtonElement[] {
  return panel ? [...panel.querySelectorAll<HTMLButtonElement>('[role^=menuitem]:not(:disabled)')] : []
}

export interface MenuProps extends Omit<MenuListProps, 'anchor' | 'onClose' | 'child'> {
  /** The button that opens it. */
  children: ReactElement<React.ButtonHTMLAttributes<HTMLButtonElement>>
}

/** A menu opened by its one child, a button. */
export function Menu({ children, ...list }: MenuProps) {
  const [anchor, setAnchor] = useState<Element | null>(null)
  return (
    <>
      {cloneElement(children, {
        'aria-haspopup': 'menu',
        'aria-expanded': anchor !== null,
        onClick: (event: React.MouseEvent<HTMLButtonElement>) => {
          const target = event.currentTarget
          setAnchor((now) => (now ? null : target))
        },
      })}
      {anchor && <MenuList {...list} anchor={anchor} onClose={() => setAnchor(null)} />}
    </>
  )
}
