import { topicsOf, type TopicItem } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { cx } from '@weft/ui'
import { CircleCheck, Plus, Tag } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useSettled } from '../../../shared/hooks'
import css from './topics.module.css'
import './words'

export const TOPIC_MAX = 60

/** A topic that is there, or the name of a new one. */
export interface Wanted {
  id?: string
  name: string
}

interface Props {
  conversation: string
  onPick: (topic: Wanted) => void
  /** Only topics that are there. */
  existing?: boolean
  /** Left out. */
  except?: string
}

/** Finds a topic by its name as it is typed, or makes one. A combobox with its list in sight. */
export function TopicField({ conversation, onPick, existing, except }: Props) {
  const { t } = useTranslation('topics')
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLUListElement>(null)
  const found = useFound(conversation, query)
  const name = query.trim().replace(/\s+/g, ' ')
  const items = found.filter((topic) => topic.id !== except)
  const known = items.some((topic) => topic.name.toLowerCase() === name.toLowerCase())
  const fresh = !existing && name !== '' && !known
  const count = items.length + (fresh ? 1 : 0)
  const active = Math.min(at, Math.max(0, count - 1))
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' })
  }, [active])
  useEffect(() => input.current?.focus(), [])
  const pick = (index: number) => {
    const topic = items[index]
    if (topic) onPick({ id: topic.id, name: topic.name })
    else if (fresh) onPick({ name })
  }
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      const step = event.key === 'ArrowDown' ? 1 : -1
      setAt((active + step + count) % Math.max(1, count))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      event.stopPropagation()
      if (count > 0) pick(active)
    }
  }
  return (
    <div className={css.field}>
      <input
        ref={input}
        className={css.input}
        role="combobox"
        aria-expanded
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={count > 0 ? `${id}-${active}` : undefined}
        aria-label={t('search')}
        placeholder={t('search')}
        value={query}
        maxLength={TOPIC_MAX}
        data-autofocus
        onChange={(event) => {
          setQuery(event.target.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      <ul ref={list} id={id} role="listbox" aria-label={t('list')} className={css.options}>
        {items.map((topic, index) => (
          <Option key={topic.id} id={`${id}-${index}`} on={index === active} onPick={() => pick(index)}>
            {topic.resolved ? <CircleCheck size={15} aria-hidden /> : <Tag size={15} aria-hidden />}
            <span>{topic.name}</span>
          </Option>
        ))}
        {fresh && (
          <Option id={`${id}-${items.length}`} on={active === items.length} onPick={() => pick(items.length)}>
            <Plus size={15} aria-hidden />
            <span>{t('create', { name })}</span>
          </Option>
        )}
        {count === 0 && query !== '' && (
          <li role="option" aria-selected={false} aria-disabled className={css.nothing}>
            {t('none')}
          </li>
        )}
      </ul>
    </div>
  )
}

function Option(props: { id: string; on: boolean; onPick: () => void; children: React.ReactNode }) {
  return (
    <li
      id={props.id}
      role="option"
      aria-selected={props.on}
      className={cx(css.option, props.on && css.on)}
      onPointerDown={(event) => {
        event.preventDefault()
        props.onPick()
      }}
    >
      {props.children}
    </li>
  )
}

function useFound(conversation: string, query: string): readonly TopicItem[] {
  const weft = useWeft()
  const asked = useSettled(query.trim(), 120)
  const [found, setFound] = useState<readonly TopicItem[]>([])
  useEffect(() => {
    let live = true
    topicsOf(weft)
      .find(conversation, asked)
      .then(
        (items) => live && setFound(items),
        // Offline, a new name can still be given.
        () => live && setFound([]),
      )
    return () => {
      live = false
    }
  }, [weft, conversation, asked])
  const q = query.trim().toLowerCase()
  return found.filter((topic) => topic.name.toLowerCase().includes(q))
}
