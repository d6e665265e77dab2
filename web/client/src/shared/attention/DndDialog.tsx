import './words'
import { useWeft } from '@weft/sdk/react'
import { Button, Modal, TextField } from '@weft/ui'
import { Moon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'

import { useAction, useMe } from '../hooks'
import { paths } from '../paths'
import { ProblemBanner } from '../problem'
import { when } from '../time'
import css from './attention.module.css'
import { useQuiet } from './useQuiet'

const CHOICES = ['30m', '1h', '2h', 'tomorrow', 'monday'] as const
type Choice = (typeof CHOICES)[number]
const MINUTES = { '30m': 30, '1h': 60, '2h': 120 } as const
const MORNING = 9

/** When a pause ends, in microseconds, by this device's clock and calendar. */
export function pauseUntil(choice: Choice, now = new Date()): number {
  if (choice !== 'tomorrow' && choice !== 'monday') return (now.getTime() + MINUTES[choice] * 60_000) * 1000
  const days = choice === 'tomorrow' ? 1 : 8 - (now.getDay() || 7)
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING).getTime() * 1000
}

/** Pauses notifications for a while, or ends the pause. */
export default function DndDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('attention')
  const weft = useWeft()
  const [, go] = useLocation()
  const dnd = useMe().dnd ?? null
  const quiet = useQuiet(dnd)
  const [at, setAt] = useState('')
  const chosen = at ? new Date(at).getTime() * 1000 : null
  const past = chosen !== null && !(chosen > Date.now() * 1000)
  const save = useAction(async (until: number | null) => {
    const schedule = dnd?.schedule ?? null
    await weft.api.me.update({ dnd: until === null && !schedule ? null : { until, schedule } })
    onClose()
  })
  const paused = dnd?.until != null && dnd.until > Date.now() * 1000 ? dnd.until : null
  return (
    <Modal size="s" title={t('dnd.title')} onClose={onClose}>
      {quiet ? (
        <div className={css.state}>
          <Moon size={16} aria-hidden />
          <span>{paused ? t('dnd.onUntil', { time: when(paused) }) : t('dnd.onSchedule')}</span>
          {paused && (
            <Button size="s" busy={save.busy} onClick={() => void save.run(null)}>
              {t('dnd.resume')}
            </Button>
          )}
        </div>
      ) : (
        <p className={css.note}>{t('dnd.body')}</p>
      )}
      <div className={css.choices}>
        {CHOICES.map((choice) => (
          <Button key={choice} disabled={save.busy} onClick={() => void save.run(pauseUntil(choice))}>
            {t(`dnd.${choice}`)}
          </Button>
        ))}
      </div>
      <form
        className={css.until}
        onSubmit={(event) => {
          event.preventDefault()
          if (chosen !== null && !past) void save.run(chosen)
        }}
      >
        <TextField
          label={t('dnd.custom')}
          type="datetime-local"
          value={at}
          error={past ? t('dnd.past') : undefined}
          onChange={(event) => setAt(event.target.value)}
        />
        <Button type="submit" variant="primary" disabled={chosen === null || past} busy={save.busy}>
          {t('dnd.pause')}
        </Button>
      </form>
      <p>
        <Button
          variant="ghost"
          size="s"
          onClick={() => {
            onClose()
            go(paths.settings(weft.org, 'notifications'))
          }}
        >
          {t('dnd.schedule')}
        </Button>
      </p>
      <ProblemBanner problem={save.problem} />
    </Modal>
  )
}
