import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SearchX } from 'lucide-react'
import { Banner, EmptyState } from '@weft/ui'
import type { MessageHit, MessageHits } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'

import { PagedList } from '../../shared/PagedList'
import { Hit } from './Hit'
import type { SortOrder } from './model'
import { useRecent } from './useRecent'
import css from './search.module.css'

const ROW = 84
/** How often a growing index is asked again. */
const AGAIN = 4000

type Told = Pick<MessageHits, 'total' | 'index' | 'query'>

/** The messages that fit, with what the server says about the search. */
export function Messages({ query, sort }: { query: string; sort: SortOrder }) {
  const { t } = useTranslation('search')
  const weft = useWeft()
  const { remember } = useRecent()
  const [told, setTold] = useState<(Told & { q: string }) | null>(null)
  const [turn, setTurn] = useState(0)
  const building = told?.index.state === 'building'
  useEffect(() => {
    if (!building) return
    const timer = setTimeout(() => setTurn((n) => n + 1), AGAIN)
    return () => clearTimeout(timer)
  }, [building, told])
  const load = async (cursor: string | null) => {
    const page = await weft.api.search.messages({ q: query, sort, cursor, limit: 30 })
    if (cursor === null) {
      setTold({ total: page.total, index: page.index, query: page.query, q: query })
      if (page.items.length) remember(query)
    }
    return page
  }
  const shown = told?.q === query ? told : null
  return (
    <>
      {shown && <Told told={shown} />}
      <PagedList<MessageHit>
        label={t('results')}
        load={load}
        keys={[weft, query, sort]}
        height={ROW}
        news={{ count: turn, label: t('more') }}
        rowKey={(hit) => hit.message.id}
        row={(hit) => <Hit hit={hit} />}
        empty={
          <EmptyState icon={<SearchX size={32} aria-hidden />} title={t('none', { query })}>
            {t('noneHint')}
          </EmptyState>
        }
      />
    </>
  )
}

function Told({ told }: { told: Told }) {
  const { t } = useTranslation('search')
  const { done, total, state } = told.index
  const percent = total > 0 ? Math.floor((done / total) * 100) : 0
  return (
    <div className={css.told} role="status">
      {state === 'building' && (
        <Banner>{percent > 0 ? t('buildingSome', { percent }) : t('building')}</Banner>
      )}
      {told.query.warnings.map((warning) => (
        <p key={warning.code + warning.part} className={css.warning}>
          {t(`warning.${warning.code}`, { part: warning.part })}
        </p>
      ))}
      {told.total > 0 && <p className={css.note}>{t('total', { count: told.total })}</p>}
    </div>
  )
}
