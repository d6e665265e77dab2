import { Button, Menu, Modal } from '@weft/ui'
import { CalendarSearch } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import css from './list.module.css'

const DAY = 86_400_000

interface Props {
  label: string
  /** Called with a time in microseconds: the start of the wanted day. */
  onDate: (at: number) => void
  floating?: boolean
}

/** A day's name that opens the ways to another day. */
export function DayMenu({ label, onDate, floating }: Props) {
  const { t } = useTranslation('conversation')
  const [asking, setAsking] = useState(false)
  const midnight = () => new Date().setHours(0, 0, 0, 0)
  const go = (ms: number) => onDate(ms * 1000)
  return (
    <>
      <Menu
        label={t('jumpToDate')}
        align="center"
        items={[
          { label: t('jumpWeek'), onSelect: () => go(midnight() - 7 * DAY) },
          { label: t('jumpMonth'), onSelect: () => go(midnight() - 30 * DAY) },
          { label: t('jumpBeginning'), onSelect: () => go(0) },
          '-',
          {
            label: t('jumpOther'),
            icon: <CalendarSearch size={16} aria-hidden />,
            onSelect: () => setAsking(true),
          },
        ]}
      >
        <button type="button" className={floating ? `${css.day} ${css.dayFloating}` : css.day}>
          {label}
        </button>
      </Menu>
      {asking && <AskDate onClose={() => setAsking(false)} onDate={go} />}
    </>
  )
}

function AskDate({ onClose, onDate }: { onClose: () => void; onDate: (ms: number) => void }) {
  const { t } = useTranslation('conversation')
  const [value, setValue] = useState('')
  const at = value ? new Date(`${value}T00:00:00`).getTime() : Number.NaN
  return (
    <Modal
      title={t('jumpToDate')}
      size="s"
      onClose={onClose}
      onSubmit={() => {
        if (Number.isNaN(at)) return
        onClose()
        onDate(at)
      }}
      footer={
        <Button variant="primary" type="submit" disabled={Number.isNaN(at)}>
          {t('jump')}
        </Button>
      }
    >
      <label className={css.dateField}>
        {t('date')}
        <input
          type="date"
          value={value}
          max={new Date().toISOString().slice(0, 10)}
          onChange={(e) => setValue(e.target.value)}
        />
      </label>
    </Modal>
  )
}
