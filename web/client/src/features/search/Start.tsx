import { useTranslation } from 'react-i18next'
import { Clock, Search, X } from 'lucide-react'
import { Button, EmptyState, IconButton } from '@weft/ui'

import { useRecent } from './useRecent'
import css from './search.module.css'

/** Before anything was asked: what was asked lately, or what can be. */
export function Start({ onPick }: { onPick: (query: string) => void }) {
  const { t } = useTranslation('search')
  const { recent, forget } = useRecent()
  if (!recent.length) {
    return (
      <EmptyState icon={<Search size={32} aria-hidden />} title={t('start')}>
        {t('startHint')}
      </EmptyState>
    )
  }
  return (
    <section className={css.recent} aria-label={t('recent')}>
      <header>
        <h2>{t('recent')}</h2>
        <Button size="s" variant="ghost" onClick={() => forget(null)}>
          {t('forgetRecent')}
        </Button>
      </header>
      <ul>
        {recent.map((query) => (
          <li key={query}>
            <button type="button" className={css.again} onClick={() => onPick(query)}>
              <Clock size={16} aria-hidden />
              <span>{query}</span>
            </button>
            <IconButton
              size="s"
              label={t('forget', { query })}
              icon={<X size={14} />}
              onClick={() => forget(query)}
            />
          </li>
        ))}
      </ul>
      <p className={css.note}>{t('startHint')}</p>
    </section>
  )
}
