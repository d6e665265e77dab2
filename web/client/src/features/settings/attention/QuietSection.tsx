import type { DndSchedule, DndSpan } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { Button, IconButton, Switch, TextField } from '@weft/ui'
import { Plus, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { useAction, useMe } from '../../../shared/hooks'
import { ProblemBanner } from '../../../shared/problem'
import { Group } from '../../../shared/SectionPages'
import css from './attention.module.css'

const DAYS = [1, 2, 3, 4, 5, 6, 7]
const MAX_SPANS = 14
/** Evenings and nights of every day, until morning. */
const FIRST: DndSpan = { days: DAYS, from: 22 * 60, to: 8 * 60 }

const here = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone
const asTime = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
const asMinute = (time: string): number | null => {
  const [hours, minutes] = time.split(':').map(Number)
  return hours === undefined || minutes === undefined || Number.isNaN(hours + minutes)
    ? null
    : hours * 60 + minutes
}

/** The hours of the week in which nothing disturbs. */
export function QuietSection() {
  const { t } = useTranslation('attention')
  const weft = useWeft()
  const me = useMe()
  const schedule = me.dnd?.schedule ?? null
  const zone = schedule?.timezone ?? me.timezone ?? here()
  const save = useAction((next: DndSchedule | null) => {
    const until = me.dnd?.until ?? null
    const live = until !== null && until > Date.now() * 1000 ? until : null
    const spans = next?.spans.length ? next : null
    return weft.api.me.update({ dnd: live === null && !spans ? null : { until: live, schedule: spans } })
  })
  const put = (spans: DndSpan[]) => void save.run({ timezone: zone, spans })
  const spans = schedule?.spans ?? []
  const change = (at: number, fields: Partial<DndSpan>) =>
    put(spans.map((span, i) => (i === at ? { ...span, ...fields } : span)))
  return (
    <Group title={t('schedule.title')} note={t('schedule.note', { zone: zone.replaceAll('_', ' ') })}>
      <Switch
        label={t('schedule.on')}
        checked={spans.length > 0}
        disabled={save.busy}
        onChange={(on) => put(on ? [FIRST] : [])}
      />
      {spans.map((span, at) => (
        <Hours
          // Spans have no name of their own; their place is it.
          key={at}
          span={span}
          busy={save.busy}
          onChange={(fields) => change(at, fields)}
          onRemove={() => put(spans.filter((_, i) => i !== at))}
        />
      ))}
      {spans.length > 0 && (
        <div className={css.line}>
          <Button
            size="s"
            icon={<Plus size={16} aria-hidden />}
            disabled={spans.length >= MAX_SPANS || save.busy}
            onClick={() => put([...spans, { days: [6, 7], from: 0, to: 0 }])}
          >
            {t('schedule.add')}
          </Button>
          {zone !== here() && (
            <Button size="s" variant="ghost" onClick={() => void save.run({ timezone: here(), spans })}>
              {t('schedule.useHere', { zone: here().replaceAll('_', ' ') })}
            </Button>
          )}
        </div>
      )}
      <ProblemBanner problem={save.problem} />
    </Group>
  )
}

interface HoursProps {
  span: DndSpan
  busy: boolean
  onChange: (fields: Partial<DndSpan>) => void
  onRemove: () => void
}

function Hours({ span, busy, onChange, onRemove }: HoursProps) {
  const { t } = useTranslation('attention')
  const time = (field: 'from' | 'to') => (
    <TextField
      label={t(`schedule.${field}`)}
      type="time"
      value={asTime(span[field])}
      disabled={busy}
      onChange={(event) => {
        const minute = asMinute(event.target.value)
        if (minute !== null) onChange({ [field]: minute })
      }}
    />
  )
  return (
    <div className={css.span}>
      <div className={css.days} role="group" aria-label={t('schedule.days')}>
        {DAYS.map((day) => {
          const on = span.days.includes(day)
          return (
            <button
              key={day}
              type="button"
              className={css.day}
              aria-pressed={on}
              disabled={busy || (on && span.days.length === 1)}
              onClick={() =>
                onChange({ days: on ? span.days.filter((each) => each !== day) : [...span.days, day].sort() })
              }
            >
              {t(`schedule.day.${day}`)}
            </button>
          )
        })}
      </div>
      <div className={css.times}>
        {time('from')}
        {time('to')}
        <span className={css.note}>
          {span.from === span.to ? t('schedule.wholeDay') : span.to < span.from && t('schedule.nextDay')}
        </span>
        <IconButton label={t('schedule.remove')} icon={<Trash2 size={16} />} onClick={onRemove} />
      </div>
    </div>
  )
}
