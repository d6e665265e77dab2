import type { ConversationView } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { Button, EmptyState } from '@weft/ui'
import { Archive, Hash, Lock, Users } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'

import { isAway } from '../../shared/away'
import { paths } from '../../shared/paths'
import { PersonAvatar } from '../../shared/PersonAvatar'
import { toastProblem } from '../../shared/problem'
import { useTimeStyle } from '../../shared/timeStyle'
import { formatMoment } from '../../shared/when/format'
import css from './later.module.css'

/** Conversations that were put away and have not returned. */
export function AwayList() {
  const { t } = useTranslation('later')
  const weft = useWeft()
  const away = useObservable(weft.conversations)
    .filter(isAway)
    .sort(
      (a, b) => (a.me.snoozed_until ?? Infinity) - (b.me.snoozed_until ?? Infinity) || b.last_at - a.last_at,
    )
  if (!away.length) {
    return (
      <EmptyState icon={<Archive size={32} aria-hidden />} title={t('awayEmpty')}>
        {t('awayEmptyBody')}
      </EmptyState>
    )
  }
  return (
    <ul className={css.list} aria-label={t('away')}>
      {away.map((view) => (
        <li key={view.id}>
          <AwayRow view={view} />
        </li>
      ))}
    </ul>
  )
}

function AwayRow({ view }: { view: ConversationView }) {
  const { t } = useTranslation('later')
  const weft = useWeft()
  const style = useTimeStyle()
  const until = view.me.snoozed_until
  return (
    <div className={css.row}>
      <Link href={paths.conversation(weft.org, view.id)} className={css.link}>
        <Face view={view} />
        <span className={css.text}>
          <span className={css.head}>
            <b>{view.title}</b>
          </span>
          <span className={css.meta}>
            {until === undefined
              ? t('returnsNext')
              : t('returns', { when: formatMoment(until, Date.now() * 1000, style) })}
          </span>
        </span>
      </Link>
      <Button
        size="s"
        onClick={() => void weft.setMembership(view.id, { hidden: false }).catch(toastProblem)}
      >
        {t('bringBack')}
      </Button>
    </div>
  )
}

function Face({ view }: { view: ConversationView }) {
  const weft = useWeft()
  if (view.kind === 'direct') return <PersonAvatar id={view.peers[0] ?? weft.me} size={36} />
  const Icon = view.kind === 'group' ? Users : view.kind === 'private_channel' ? Lock : Hash
  return (
    <span className={css.glyph}>
      <Icon size={18} aria-hidden />
    </span>
  )
}
