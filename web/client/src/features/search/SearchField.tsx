import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Search, X } from 'lucide-react'
import { Floating, IconButton } from '@weft/ui'

import { PersonAvatar } from '../../shared/PersonAvatar'
import { MAX_QUERY, pieceAt, replaced } from './language'
import { useSuggestions, type Suggestion } from './useSuggestions'
import css from './search.module.css'

interface Props {
  query: string
  onChange: (query: string) => void
  onEnter: (query: string) => void
}

/** Where a search is typed: completes filters, their people, places and values. A combobox by ARIA. */
export function SearchField({ query, onChange, onEnter }: Props) {
  const { t } = useTranslation('search')
  const input = useRef<HTMLInputElement>(null)
  const box = useRef<HTMLDivElement>(null)
  const [caret, setCaret] = useState(query.length)
  const [open, setOpen] = useState(false)
  const [chosen, setChosen] = useState<number | null>(null)
  const list = useId()
  const piece = open ? pieceAt(query, caret) : null
  const suggestions = useSuggestions(piece)
  // The value of a filter is chosen by Enter; a word is searched for unless an arrow chose something.
  const active = Math.min(chosen ?? (piece?.filter ? 0 : -1), suggestions.length - 1)

  useEffect(() => input.current?.focus(), [])
  // A chip of the filter bar ends the query with `from:`: what can follow is shown.
  useEffect(() => {
    const field = input.current
    if (!field || document.activeElement !== field || !/[a-z]:$/i.test(query)) return
    setCaret(field.selectionStart ?? query.length)
    setOpen(true)
  }, [query])

  const take = (suggestion: Suggestion) => {
    const next = replaced(query, piece, suggestion.open ? suggestion.text : `${suggestion.text} `)
    onChange(next.query)
    setCaret(next.caret)
    setChosen(null)
    setOpen(suggestion.open)
    requestAnimationFrame(() => {
      input.current?.focus()
      input.current?.setSelectionRange(next.caret, next.caret)
    })
  }
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const picked = suggestions[active]
    if (step && suggestions.length) {
      event.preventDefault()
      setChosen((active + step + suggestions.length) % suggestions.length)
    } else if (event.key === 'ArrowDown') {
      event.preventDefault()
      document.querySelector<HTMLElement>('[data-hit]')?.focus()
    } else if ((event.key === 'Enter' || event.key === 'Tab') && picked) {
      event.preventDefault()
      take(picked)
    } else if (event.key === 'Enter') {
      setOpen(false)
      onEnter(query.trim())
    } else if (event.key === 'Escape' && suggestions.length) {
      event.preventDefault()
      event.stopPropagation()
      setOpen(false)
    }
  }
  return (
    <div
      ref={box}
      className={css.field}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}
    >
      <Search size={18} aria-hidden />
      <input
        ref={input}
        role="combobox"
        aria-label={t('title')}
        aria-expanded={suggestions.length > 0}
        aria-controls={list}
        aria-activedescendant={active >= 0 ? `${list}-${active}` : undefined}
        aria-autocomplete="list"
        placeholder={t('placeholder')}
        enterKeyHint="search"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={MAX_QUERY}
        value={query}
        onChange={(event) => {
          onChange(event.target.value)
          setCaret(event.target.selectionStart ?? event.target.value.length)
          setChosen(null)
          setOpen(true)
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
        onKeyDown={onKeyDown}
      />
      {query && (
        <IconButton
          size="s"
          label={t('clear')}
          icon={<X size={16} />}
          onClick={() => {
            onChange('')
            input.current?.focus()
          }}
        />
      )}
      {suggestions.length > 0 && box.current && (
        <Floating anchor={box.current} gap={4} className={css.suggestions}>
          <ul id={list} role="listbox" aria-label={t('suggestions')}>
            {suggestions.map((each, index) => (
              <li
                key={each.key}
                id={`${list}-${index}`}
                role="option"
                aria-selected={index === active}
                className={css.suggestion}
                onPointerDown={(event) => {
                  event.preventDefault()
                  take(each)
                }}
                onPointerMove={() => setChosen(index)}
              >
                {each.person && <PersonAvatar id={each.person} size={20} />}
                <span className={css.label}>{each.label}</span>
                <span className={css.detail}>{each.detail}</span>
              </li>
            ))}
          </ul>
        </Floating>
      )}
    </div>
  )
}
