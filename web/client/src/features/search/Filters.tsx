import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AtSign, Calendar, Hash, Paperclip, User, type LucideIcon } from 'lucide-react'
import { Button, cx, Floating, Menu } from '@weft/ui'

import { HAS, pieces, replaced, without, written, type FilterName } from './language'
import type { SortOrder } from './model'
import css from './search.module.css'

interface Props {
  query: string
  onChange: (query: string) => void
  sort: SortOrder
  onSort: (sort: SortOrder) => void
}

const TYPED: readonly [FilterName, LucideIcon][] = [
  ['from', User],
  ['in', Hash],
  ['mentions', AtSign],
]

/** The filters that are asked for most, and the order. What they set can be read and typed in the field. */
export function Filters({ query, onChange, sort, onSort }: Props) {
  const { t } = useTranslation('search')
  const used = new Set(pieces(query).map((piece) => piece.filter))
  const add = (text: string) => {
    onChange(replaced(query, null, text).query)
    document.querySelector<HTMLInputElement>('input[role=combobox]')?.focus()
  }
  return (
    <div className={css.filters} role="group" aria-label={t('filters')}>
      {TYPED.map(([name, Icon]) => (
        <button
          key={name}
          type="button"
          className={cx(css.chip, used.has(name) && css.on)}
          onClick={() => add(`${name}:`)}
        >
          <Icon size={14} aria-hidden />
          {t(name)}
        </button>
      ))}
      <Menu
        label={t('has')}
        items={HAS.map((value) => ({
          label: t(`value.${value}`),
          checked: pieces(query).some((piece) => piece.filter === 'has' && piece.typed === value),
          onSelect: () => add(`${written('has', value)} `),
        }))}
      >
        <button type="button" className={cx(css.chip, used.has('has') && css.on)}>
          <Paperclip size={14} aria-hidden />
          {t('has')}
        </button>
      </Menu>
      <DateChip query={query} onChange={onChange} />
      <span className={css.gap} />
      <Menu
        label={t('sort')}
        items={(['relevance', 'time'] as const).map((order) => ({
          label: t(order),
          checked: sort === order,
          onSelect: () => onSort(order),
        }))}
      >
        <button type="button" className={css.chip} aria-label={`${t('sort')}: ${t(sort)}`}>
          {t(sort)}
        </button>
      </Menu>
    </div>
  )
}

const DATES = ['on', 'before', 'after'] as const

/** The day before or after one, as it is written in a query. */
function shifted(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** From a day to a day. The language's `after:` and `before:` leave out the day they name. */
function DateChip({ query, onChange }: Pick<Props, 'query' | 'onChange'>) {
  const { t } = useTranslation('search')
  const button = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  const all = pieces(query)
  const day = (name: FilterName, shift: number) => {
    const typed = all.find((piece) => piece.filter === name && !piece.negated)?.typed ?? ''
    return /^\d{4}-\d\d-\d\d$/.test(typed) ? shifted(typed, shift) : ''
  }
  const set = (text: string) => {
    onChange([without(query, DATES), text].filter(Boolean).join(' '))
    setOpen(false)
    button.current?.focus()
  }
  const apply = (event: React.FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const values = new FormData(event.currentTarget)
    const [from, to] = [String(values.get('from') ?? ''), String(values.get('to') ?? '')]
    if (from && from === to) return set(written('on', from))
    const parts = [from && written('after', shifted(from, -1)), to && written('before', shifted(to, 1))]
    set(parts.filter(Boolean).join(' '))
  }
  return (
    <>
      <button
        ref={button}
        type="button"
        className={cx(css.chip, all.some((piece) => DATES.some((name) => name === piece.filter)) && css.on)}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Calendar size={14} aria-hidden />
        {t('date')}
      </button>
      {open && button.current && (
        <Floating
          anchor={button.current}
          role="dialog"
          label={t('date')}
          className={css.dates}
          onClose={() => setOpen(false)}
        >
          <form onSubmit={apply}>
            <label>
              {t('dateFrom')}
              <input type="date" name="from" autoFocus defaultValue={day('on', 0) || day('after', 1)} />
            </label>
            <label>
              {t('dateTo')}
              <input type="date" name="to" defaultValue={day('on', 0) || day('before', -1)} />
            </label>
            <div className={css.buttons}>
              <Button onClick={() => set('')}>{t('reset')}</Button>
              <Button variant="primary" type="submit">
                {t('apply')}
              </Button>
            </div>
          </form>
        </Floating>
      )}
    </>
  )
}
