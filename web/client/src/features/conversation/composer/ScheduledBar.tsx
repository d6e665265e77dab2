import { laterOf } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { CircleAlert, Clock } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'

import '../../../shared/later/words'
import { paths } from '../../../shared/paths'
import { useTimeStyle } from '../../../shared/timeStyle'
import { formatMoment } from '../../../shared/when/format'
import css from './scheduledBar.module.css'

/** Over the composer: what will be sent here, and what could not be. */
export function ScheduledBar({ conversation, thread }: { conversation: string; thread: string | undefined }) {
  const { t } = useTranslation('later')
  const weft = useWeft()
  const style = useTimeStyle()
  const here = useObservable(laterOf(weft).scheduled).filter(
    (each) => each.conversation === conversation && (each.message.thread ?? undefined) === thread,
  )
  const waiting = here.filter((each) => each.state !== 'failed')
  const failed = here.length - waiting.length
  const [next] = waiting
  if (!next && !failed) return null
  const when = next ? formatMoment(next.at, Date.now() * 1000, style) : ''
  return (
    <Link href={paths.later(weft.org, 'scheduled')} className={css.bar}>
      {failed ? (
        <CircleAlert size={14} className={css.failed} aria-hidden />
      ) : (
        <Clock size={14} aria-hidden />
      )}
      <span>
        {failed > 0 && <b className={css.failed}>{t('barFailed', { count: failed })}</b>}
        {failed > 0 && next && ' · '}
        {next && t('bar', { count: waiting.length, when })}
      </span>
    </Link>
  )
}
