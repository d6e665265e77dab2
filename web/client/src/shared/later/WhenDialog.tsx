import { Button, Modal, TextField } from '@weft/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useTimeStyle } from '../timeStyle'
import { formatMoment } from '../when/format'
import { findWhen } from '../when/parse'
import { instantOf, localOf, wallAt, zoneOf, type When } from '../when/when'
import css from './when.module.css'
import './words'

interface Props {
  title: string
  /** The words of the button. */
  action: string
  /** Microseconds: where it begins. */
  initial?: number | null
  onPick: (when: When) => void
  onClose: () => void
}

/** Asks for a date and a time, by two fields or in words. */
export default function WhenDialog({ title, action, initial, onPick, onClose }: Props) {
  const { t } = useTranslation('later')
  const style = useTimeStyle()
  const zone = zoneOf(style.zone)
  const now = Date.now() * 1000
  const [words, setWords] = useState('')
  const [local, setLocal] = useState(() => {
    const wall = wallAt(initial && initial > now ? initial : now + 86_400_000_000, zone)
    return localOf(initial && initial > now ? wall : { day: wall.day, minute: 9 * 60 })
  })
  const said = words.trim() ? findWhen(words, { now, zone: style.zone }) : null
  const meant = said && !said.rest ? said.when : null
  const written: When | null = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(local) ? { local, zone } : null
  const when = words.trim() ? meant : written
  const at = when && instantOf(when)
  const past = at !== null && at <= now
  const wrong = words.trim() && !meant ? t('notUnderstood') : past ? t('past') : undefined
  const [date, time] = local.split('T')
  return (
    <Modal
      title={title}
      size="s"
      onClose={onClose}
      onSubmit={() => {
        if (!when || past) return
        onPick(when)
        onClose()
      }}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button variant="primary" type="submit" disabled={!when || past}>
            {action}
          </Button>
        </>
      }
    >
      <div className={css.form}>
        <TextField
          label={t('inWords')}
          placeholder={t('inWordsExample')}
          value={words}
          maxLength={60}
          data-autofocus
          onChange={(e) => setWords(e.target.value)}
        />
        <div className={css.line} data-off={words.trim() ? '' : undefined}>
          <TextField
            type="date"
            label={t('date')}
            value={date ?? ''}
            min={localOf(wallAt(now, zone)).slice(0, 10)}
            onChange={(e) => {
              setWords('')
              setLocal(`${e.target.value}T${time ?? '09:00'}`)
            }}
          />
          <TextField
            type="time"
            label={t('time')}
            value={time ?? ''}
            onChange={(e) => {
              setWords('')
              setLocal(`${date ?? ''}T${e.target.value.slice(0, 5)}`)
            }}
          />
        </div>
        <p className={wrong ? css.wrong : css.note} role={wrong ? 'alert' : 'status'}>
          {wrong ?? (at === null ? t('choose') : `${formatMoment(at, now, style)} · ${zone}`)}
        </p>
      </div>
    </Modal>
  )
}
