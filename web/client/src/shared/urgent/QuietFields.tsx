import { Switch, TextField } from '@weft/ui'
import { useTranslation } from 'react-i18next'

import type { Quiet } from './api'
import { clock, minuteOf } from './clock'
import css from './quiet.module.css'
import './words'

const NIGHT: Quiet = { from: 22 * 60, to: 7 * 60 }

/** From when to when nobody is called, or never. */
export function QuietFields({
  value,
  onChange,
}: {
  value: Quiet | null
  onChange: (to: Quiet | null) => void
}) {
  const { t } = useTranslation('urgent')
  const field = (key: 'from' | 'to', quiet: Quiet) => (
    <TextField
      type="time"
      required
      label={t(key === 'from' ? 'quietFrom' : 'quietTo')}
      value={clock(quiet[key])}
      onChange={(event) => {
        const minute = minuteOf(event.target.value)
        if (minute !== null) onChange({ ...quiet, [key]: minute })
      }}
    />
  )
  return (
    <>
      <Switch
        label={t('quietHours')}
        checked={value !== null}
        onChange={(on) => onChange(on ? NIGHT : null)}
      />
      {value && (
        <div className={css.two}>
          {field('from', value)}
          {field('to', value)}
        </div>
      )}
    </>
  )
}
