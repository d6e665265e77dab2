import { Button, Modal } from '@weft/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import css from './list.module.css'

/** Asks for a day to go to. */
export function AskDate({ onClose, onDate }: { onClose: () => void; onDate: (ms: number) => void }) {
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
