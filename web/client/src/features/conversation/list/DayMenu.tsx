import { Menu } from '@weft/ui'
import { CalendarSearch } from 'lucide-react'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { AskDate } from '../parts'
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
      {asking && (
        <Suspense fallback={null}>
          <AskDate onClose={() => setAsking(false)} onDate={go} />
        </Suspense>
      )}
    </>
  )
}
