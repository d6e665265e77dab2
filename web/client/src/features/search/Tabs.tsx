import { useTranslation } from 'react-i18next'
import { cx } from '@weft/ui'

import { TABS, type Tab } from './model'
import css from './search.module.css'

/** What kind of results is shown; arrows move between them. */
export function Tabs({ tab, onChange }: { tab: Tab; onChange: (tab: Tab) => void }) {
  const { t } = useTranslation('search')
  const onKeyDown = (event: React.KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!step) return
    event.preventDefault()
    const next = TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length] as Tab
    onChange(next)
    event.currentTarget.querySelector<HTMLElement>(`[data-tab=${next}]`)?.focus()
  }
  return (
    <div role="tablist" aria-label={t('tabs')} className={css.tabs} onKeyDown={onKeyDown}>
      {TABS.map((each) => (
        <button
          key={each}
          type="button"
          role="tab"
          data-tab={each}
          aria-selected={tab === each}
          tabIndex={tab === each ? 0 : -1}
          className={cx(css.tab, tab === each && css.here)}
          onClick={() => onChange(each)}
        >
          {t(each)}
        </button>
      ))}
    </div>
  )
}
