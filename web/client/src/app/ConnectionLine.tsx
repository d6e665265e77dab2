import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useObservable, useWeft } from '@weft/sdk/react'
import { useAfter } from '@weft/ui'
import { clock } from '../shared/time'
import s from './frame.module.css'

/** A thin line while the server is out of reach: since when, and that nothing is lost. */
export function ConnectionLine() {
  const { state, since } = useObservable(useWeft().connection)
  const down = state !== 'online' && state !== 'signed_out'
  // Every new attempt is a state of its own; what the reader asks is when the last good one ended.
  const [from, setFrom] = useState<number | null>(null)
  useEffect(() => setFrom((now) => (down ? (now ?? since) : null)), [down, since])
  return down && from !== null ? <Line since={from} /> : null
}

function Line({ since }: { since: number }) {
  const { t } = useTranslation('app')
  // A hiccup of a second is not worth a word.
  const lasting = useAfter(2000)
  if (!lasting) return null
  return (
    <div className={s.connection} role="status">
      {t(navigator.onLine ? 'reconnecting' : 'noNetwork', { time: clock(since * 1000) })}
    </div>
  )
}
