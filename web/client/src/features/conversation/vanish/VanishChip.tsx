import { Timer } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { lasting } from './duration'
import css from './vanish.module.css'
import './words'

/** Above the text: what is written here vanishes. */
export function VanishChip({ after }: { after: number }) {
  const { t } = useTranslation('vanish')
  const { key, count } = lasting(after)
  return (
    <div className={css.chip} role="status">
      <Timer size={13} aria-hidden />
      <span>{t('mode', { time: t(key, { count }) })}</span>
    </div>
  )
}
