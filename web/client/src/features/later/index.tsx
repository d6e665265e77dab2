import { useWeft } from '@weft/sdk/react'
import { cx } from '@weft/ui'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'

import '../../shared/later/words'
import { Page } from '../../shared/Page'
import { paths } from '../../shared/paths'
import { AwayList } from './AwayList'
import css from './later.module.css'
import { SavedList } from './SavedList'
import { ScheduledList } from './ScheduledList'

const TABS = ['open', 'done', 'scheduled', 'away'] as const

/** What is kept for later, what will be sent, and what was put away. */
export default function LaterPage({ tab }: { tab: string | undefined }) {
  const { t } = useTranslation('later')
  const weft = useWeft()
  const now = TABS.find((each) => each === tab) ?? 'open'
  return (
    <Page title={t('title')} back={paths.home(weft.org)}>
      <nav className={css.tabs} aria-label={t('title')}>
        {TABS.map((each) => (
          <Link
            key={each}
            href={paths.later(weft.org, each === 'open' ? undefined : each)}
            className={cx(css.tab, each === now && css.here)}
            aria-current={each === now ? 'page' : undefined}
          >
            {t(each)}
          </Link>
        ))}
      </nav>
      {now === 'scheduled' ? (
        <ScheduledList />
      ) : now === 'away' ? (
        <AwayList />
      ) : (
        <SavedList key={now} state={now} />
      )}
    </Page>
  )
}
