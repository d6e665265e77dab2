import { laterOf } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { cx, UnreadBadge } from '@weft/ui'
import { Bookmark, Clock } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useRoute } from 'wouter'

import '../../shared/later/words'
import { paths } from '../../shared/paths'
import { Told } from './Told'

interface Classes {
  link: string | undefined
  here: string | undefined
  news: string | undefined
}

/** Ways to what is for later, in the head of the list; says what comes due meanwhile. */
export default function LaterLinks({ classes }: { classes: Classes }) {
  const { t } = useTranslation('later')
  const weft = useWeft()
  const later = laterOf(weft)
  const due = [...useObservable(later.saved).values()].filter((mark) => mark.reminded_at !== null).length
  const scheduled = useObservable(later.scheduled)
  const failed = scheduled.filter((each) => each.state === 'failed').length
  const [, match] = useRoute('/o/:org/later/:tab?')
  const tab = match ? (match.tab ?? 'open') : null
  const onSaved = tab !== null && tab !== 'scheduled'
  return (
    <>
      <Link
        href={paths.later(weft.org)}
        className={cx(classes.link, onSaved && classes.here, due > 0 && classes.news)}
        aria-current={onSaved ? 'page' : undefined}
      >
        <Bookmark size={16} aria-hidden />
        <span>{t('title')}</span>
        <UnreadBadge count={due} label={t('dueCount', { count: due })} />
      </Link>
      {(scheduled.length > 0 || tab === 'scheduled') && (
        <Link
          href={paths.later(weft.org, 'scheduled')}
          className={cx(classes.link, tab === 'scheduled' && classes.here, failed > 0 && classes.news)}
          aria-current={tab === 'scheduled' ? 'page' : undefined}
        >
          <Clock size={16} aria-hidden />
          <span>{t('scheduled')}</span>
          <UnreadBadge count={failed} label={t('failedCount', { count: failed })} />
        </Link>
      )}
      <Told />
    </>
  )
}
