import { useTranslation } from 'react-i18next'
import { useObservable, useWeft } from '@weft/sdk/react'
import { useAfter } from '@weft/ui'
import { clock } from '../shared/time'
import s from './frame.module.css'

/** A thin line while the server is out of reach: since when, and that nothing is lost. */
export function ConnectionLine() {
  const { state, since } = useObservable(useWeft().connection)
  if (state === 'online' || state === 'signed_out') return null
  return <Line key={since} since={since} />
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
