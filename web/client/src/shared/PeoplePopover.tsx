import { Floating, type FloatingProps } from '@weft/ui'
import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from 'react'

import { usePerson } from './hooks'
import { emitIntent } from './intents'
import { PersonAvatar, PersonTag } from './PersonAvatar'
import css from './peoplePopover.module.css'

/** The height of a row of one line. */
export const PERSON_ROW = 44

/** Who did what with something, by tabs: readers, confirmations, reactions, votes. */
export function PeoplePopover<K extends string>(props: {
  anchor: Element
  label: string
  align?: FloatingProps['align']
  tabs: readonly { key: K; label: string }[]
  which: K
  onWhich: (which: K) => void
  onClose: () => void
  /** The list of the chosen tab. */
  children: ReactNode
  /** Under the list. */
  foot?: ReactNode
}) {
  const { tabs, which, onWhich } = props
  const panel = useRef<HTMLDivElement>(null)
  const id = useId()
  useEffect(() => {
    const back = document.activeElement as HTMLElement | null
    panel.current?.querySelector<HTMLElement>('[aria-selected=true]')?.focus({ preventScroll: true })
    return () => back?.focus({ preventScroll: true })
  }, [])
  const step = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    const at = tabs.findIndex((tab) => tab.key === which)
    const next = by && tabs[(at + by + tabs.length) % tabs.length]
    if (!next) return
    event.preventDefault()
    onWhich(next.key)
    panel.current?.querySelector<HTMLElement>(`[data-which="${next.key}"]`)?.focus()
  }
  return (
    <Floating
      anchor={props.anchor}
      side="top"
      {...(props.align ? { align: props.align } : {})}
      onClose={props.onClose}
      role="dialog"
      label={props.label}
      panelRef={panel}
    >
      <div className={css.panel}>
        <div role="tablist" aria-label={props.label} className={css.tabs} onKeyDown={step}>
          {tabs.map(({ key, label }) => (
            <button
              key={key}
              type="button"
              role="tab"
              data-which={key}
              aria-selected={which === key}
              aria-controls={id}
              tabIndex={which === key ? 0 : -1}
              onClick={() => onWhich(key)}
            >
              {label}
            </button>
          ))}
        </div>
        <div role="tabpanel" id={id} className={css.list}>
          {props.children}
        </div>
        {props.foot && <div className={css.foot}>{props.foot}</div>}
      </div>
    </Floating>
  )
}

/** Instead of a list, where there are no names to tell. */
export function PeopleNote({ children }: { children: ReactNode }) {
  return <p className={css.note}>{children}</p>
}

/** One person; a press shows their card. */
export function PersonRow({ id, tag, after }: { id: string; tag?: boolean; after?: ReactNode }) {
  const person = usePerson(id)
  return (
    <button
      type="button"
      className={css.person}
      onClick={(e) => emitIntent('profile', { person: id, anchor: e.currentTarget })}
    >
      <PersonAvatar id={id} size={28} />
      <span className={css.name}>{person?.name ?? '\u00a0'}</span>
      {tag && person && <PersonTag person={person} />}
      {after}
    </button>
  )
}
