import '../../shared/attention/words'
import { attention } from '@weft/sdk/attention'
import { useObservable, useWeft } from '@weft/sdk/react'
import { cx, UnreadBadge } from '@weft/ui'
import { AtSign, ListChecks } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useRoute } from 'wouter'

import { paths } from '../../shared/paths'
import s from './sidebar.module.css'

/** The ways to what calls one, with how much of it is unread, and through what is unread. */
export default function CallLinks() {
  const { t } = useTranslation('attention')
  const weft = useWeft()
  const unread = useObservable(attention(weft).unread)
  const [inbox] = useRoute('/o/:org/inbox')
  const [catchup] = useRoute('/o/:org/catchup')
  return (
    <>
      <Link
        href={paths.inbox(weft.org)}
        className={cx(s.threads, inbox && s.here, unread > 0 && s.news)}
        aria-current={inbox ? 'page' : undefined}
      >
        <AtSign size={16} aria-hidden />
        <span>{t('inbox.link')}</span>
        <UnreadBadge mention count={unread} label={t('inbox.unread', { count: unread })} />
      </Link>
      <Link
        href={paths.catchup(weft.org)}
        className={cx(s.threads, catchup && s.here)}
        aria-current={catchup ? 'page' : undefined}
      >
        <ListChecks size={16} aria-hidden />
        <span>{t('catchup.link')}</span>
      </Link>
    </>
  )
}
