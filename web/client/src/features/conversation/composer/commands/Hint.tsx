import { IconButton } from '@weft/ui'
import { SquareSlash, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import css from './hint.module.css'

/** What a command says over the text that it did not take. */
export function Hint({ words, onClose }: { words: string; onClose: () => void }) {
  const { t } = useTranslation('common')
  return (
    <div className={css.hint} role="status">
      <SquareSlash size={14} aria-hidden />
      <span>{words}</span>
      <IconButton size="s" label={t('close')} icon={<X size={14} />} onClick={onClose} />
    </div>
  )
}
