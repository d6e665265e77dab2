import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useSearch } from 'wouter'
import { useWeft } from '@weft/sdk/react'

import { addMessages } from '../../i18n'
import en from '../../i18n/en/search.json'
import zh from '../../i18n/zh-CN/search.json'
import { useSettled } from '../../shared/hooks'
import { Page } from '../../shared/Page'
import { paths } from '../../shared/paths'
import { Channels, People } from './Others'
import { Filters } from './Filters'
import { Messages } from './Messages'
import { SearchField } from './SearchField'
import { Start } from './Start'
import { Tabs } from './Tabs'
import { isTab, type SortOrder, type Tab } from './model'
import css from './search.module.css'

addMessages('search', en, zh)

/** Search over everything one may read. What is asked stands in the address, so that back leads back to it. */
export default function SearchPage() {
  const { t } = useTranslation('search')
  const weft = useWeft()
  const [, go] = useLocation()
  const params = new URLSearchParams(useSearch())
  const asked = params.get('q') ?? ''
  const tab: Tab = isTab(params.get('tab')) ? (params.get('tab') as Tab) : 'messages'
  const sort: SortOrder = params.get('sort') === 'time' ? 'time' : 'relevance'
  const [query, setQuery] = useState(asked)
  const settled = useSettled(query.trim(), 220)
  const show = (next: { q?: string; tab?: Tab; sort?: SortOrder }) => {
    const { q = query.trim(), tab: kind = tab, sort: order = sort } = next
    go(paths.search(weft.org, { q, tab: kind, sort: order }), { replace: true })
  }
  // Somebody may come here with another query while the page is open: from a conversation or the switcher.
  const [seen, setSeen] = useState(asked)
  if (seen !== asked) {
    setSeen(asked)
    if (asked !== query.trim()) setQuery(asked)
  }
  useEffect(() => {
    if (settled !== asked && settled === query.trim()) show({ q: settled })
    // The address follows what was typed; nothing else makes it change.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [settled])

  return (
    <Page title={t('title')}>
      <div className={css.head}>
        <SearchField query={query} onChange={setQuery} onEnter={(q) => show({ q })} />
        <div className={css.bar}>
          <Tabs tab={tab} onChange={(next) => show({ tab: next })} />
          {tab === 'messages' && (
            <Filters query={query} onChange={setQuery} sort={sort} onSort={(next) => show({ sort: next })} />
          )}
        </div>
      </div>
      {asked === '' ? (
        <Start onPick={setQuery} />
      ) : tab === 'messages' ? (
        <Messages query={asked} sort={sort} />
      ) : tab === 'people' ? (
        <People query={asked} />
      ) : (
        <Channels query={asked} />
      )}
    </Page>
  )
}
