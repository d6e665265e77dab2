import { useObservable } from '@weft/sdk/react'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { formatDay } from '../../../lib/time'
import { useList } from '../context'
import type { Row } from '../rows'
import type { Viewport } from './AnchoredList'
import { DayMenu } from './DayMenu'
import css from './list.module.css'
import type { Signal } from './signal'

interface Props {
  rows: readonly Row[]
  viewport: Signal<Viewport>
  /** Index of the "new" line among the rows; -1 when it is not loaded; null when there is none. */
  newIndex: number | null
  hasAfter: boolean
  /** Messages newer than what the reader has seen at the end. */
  unseen: number
  onNewest: () => void
  onFirstUnread: () => void
  onDate: (at: number) => void
}

/** What floats over the list: the day on top, and the ways to the first unread and the newest message. */
export function Overlay(props: Props) {
  const { t } = useTranslation('conversation')
  const { style } = useList()
  const { rows, viewport, newIndex } = props
  const view = useObservable(viewport)
  const day = stickyDay(rows, view)
  const newAbove = newIndex !== null && view.first >= 0 && newIndex < view.first
  const away = props.hasAfter || !view.atBottom
  return (
    <>
      {day !== null && (
        <div className={css.sticky}>
          <DayMenu label={formatDay(day, Date.now() * 1000, style)} onDate={props.onDate} floating />
        </div>
      )}
      {newAbove && (
        <button type="button" className={`${css.pill} ${css.pillTop}`} onClick={props.onFirstUnread}>
          <ArrowUp size={14} aria-hidden />
          {t('firstUnread')}
        </button>
      )}
      {away && (
        <button type="button" className={`${css.pill} ${css.pillBottom}`} onClick={props.onNewest}>
          <ArrowDown size={14} aria-hidden />
          {props.unseen > 0 ? t('newBelow', { count: props.unseen }) : t('newest')}
        </button>
      )}
    </>
  )
}

/** The day of the topmost visible row, unless a separator is in sight there. */
function stickyDay(rows: readonly Row[], { first, under }: Viewport): number | null {
  const row = rows[first]
  if (!row || rows[under]?.kind === 'day' || row.kind === 'day' || row.kind === 'intro') return null
  for (let i = first; i >= 0; i--) {
    const r = rows[i]
    if (r?.kind === 'day') return r.at
  }
  return null
}
