import { useEffect, useId, useMemo, useRef, useState } from 'react'
import { X } from 'lucide-react'
import { Floating } from '@weft/ui'
import type { Principal } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { PersonAvatar, PersonTag } from './PersonAvatar'
import { usePerson, useSettled } from './hooks'
import s from './PersonPicker.module.css'

export interface PersonPickerProps {
  label: string
  placeholder: string
  empty: string
  value: readonly string[]
  onChange: (people: string[]) => void
  /** How many may be chosen. */
  max?: number
  /** Leaves people out. */
  exclude?: readonly string[]
  /** Offers only these. */
  only?: readonly string[] | undefined
}

const LIMIT = 8

/** Finds people by name, pinyin, initials or e-mail, and keeps the chosen as chips. A combobox by ARIA. */
export function PersonPicker(props: PersonPickerProps) {
  const { label, placeholder, empty, value, onChange, max = 100, exclude, only } = props
  const [query, setQuery] = useState('')
  const [open, setOpen] = useState(false)
  const [index, setIndex] = useState(0)
  const found = useFound(query, open)
    .filter((p) => !value.includes(p.id) && !exclude?.includes(p.id) && (!only || only.includes(p.id)))
    .slice(0, LIMIT)
  const box = useRef<HTMLDivElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const list = useId()
  const full = value.length >= max

  const add = (person: Principal | undefined) => {
    if (!person || full) return
    onChange([...value, person.id])
    setQuery('')
    setIndex(0)
    setOpen(false)
    input.current?.focus()
  }
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      setOpen(true)
      const step = event.key === 'ArrowDown' ? 1 : -1
      setIndex((now) => (now + step + found.length) % Math.max(1, found.length))
    } else if (event.key === 'Enter' && open && found[index]) {
      event.preventDefault()
      add(found[index])
    } else if (event.key === 'Backspace' && !query && value.length) onChange(value.slice(0, -1))
    else if (event.key === 'Tab') setOpen(false)
  }
  return (
    <div className={s.field}>
      <label htmlFor={`${list}-input`} className={s.label}>
        {label}
      </label>
      <div
        ref={box}
        className={s.box}
        onPointerDown={(event) => event.target === box.current && input.current?.focus()}
      >
        {value.map((id) => (
          <Chip key={id} id={id} onRemove={() => onChange(value.filter((other) => other !== id))} />
        ))}
        {!full && (
          <input
            id={`${list}-input`}
            ref={input}
            className={s.input}
            role="combobox"
            aria-expanded={open && found.length > 0}
            aria-controls={list}
            aria-autocomplete="list"
            aria-activedescendant={open && found[index] ? `${list}-${index}` : undefined}
            autoComplete="off"
            placeholder={value.length ? '' : placeholder}
            value={query}
            onChange={(event) => {
              setQuery(event.target.value)
              setIndex(0)
              setOpen(true)
            }}
            onFocus={() => setOpen(true)}
            onClick={() => setOpen(true)}
            onBlur={() => setOpen(false)}
            onKeyDown={onKeyDown}
          />
        )}
      </div>
      {open && !full && box.current && (found.length > 0 || query) && (
        <Floating anchor={box.current} className={s.panel} gap={4}>
          <ul role="listbox" id={list} aria-label={label} style={{ width: box.current.offsetWidth }}>
            {found.map((person, at) => (
              <li
                key={person.id}
                id={`${list}-${at}`}
                role="option"
                aria-selected={at === index}
                className={s.option}
                onPointerMove={() => setIndex(at)}
                onPointerDown={(event) => {
                  event.preventDefault()
                  add(person)
                }}
              >
                <PersonAvatar id={person.id} size={24} />
                <span className={s.name}>{person.name}</span>
                <PersonTag person={person} />
                <span className={s.title}>{person.title}</span>
              </li>
            ))}
            {!found.length && <li className={s.none}>{empty}</li>}
          </ul>
        </Floating>
      )}
    </div>
  )
}

/** At once from what is known, then with what the server finds. */
function useFound(query: string, active: boolean): Principal[] {
  const weft = useWeft()
  const settled = useSettled(query, 120)
  const [remote, setRemote] = useState<{ query: string; people: Principal[] }>({ query: '', people: [] })
  useEffect(() => {
    if (!active) return
    let live = true
    weft.people.fetchSearch(settled).then(
      (people) => live && setRemote({ query: settled, people }),
      () => {
        // Offline: what is known has to do.
      },
    )
    return () => {
      live = false
    }
  }, [weft, settled, active])
  return useMemo(() => {
    const local = weft.people.search(query, LIMIT * 25)
    const seen = new Set(local.map((p) => p.id))
    const more = remote.query === query ? remote.people.filter((p) => !seen.has(p.id)) : []
    return [...local, ...more].filter((p) => p.state !== 'deactivated')
  }, [weft, query, remote])
}

function Chip({ id, onRemove }: { id: string; onRemove: () => void }) {
  const person = usePerson(id)
  return (
    <span className={s.chip}>
      <PersonAvatar id={id} size={20} />
      {person?.name}
      <button type="button" aria-label={`× ${person?.name ?? ''}`} onClick={onRemove}>
        <X size={12} aria-hidden />
      </button>
    </span>
  )
}
