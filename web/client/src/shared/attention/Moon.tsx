import './words'
import type { Dnd } from '@weft/sdk'
import { Moon as Icon } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import css from './attention.module.css'
import { useQuiet } from './useQuiet'

/** Beside a name: this person is not to be disturbed now. */
export default function Moon({ dnd }: { dnd: Dnd }) {
  const { t } = useTranslation('attention')
  const quiet = useQuiet(dnd)
  if (!quiet) return null
  return <Icon size={12} className={css.moon} role="img" aria-label={t('dnd.moon')} />
}
