import type { ForwardMode, Message } from '@weft/sdk'
import { Button, IconButton } from '@weft/ui'
import { Forward, Layers, X } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'

import css from './conversation.module.css'
import type { Selection } from './useSelection'

interface Props {
  selection: Selection
  onForward: (messages: Message[], mode: ForwardMode, done: () => void) => void
}

/** In the composer's place while messages are being chosen. */
export function SelectionBar({ selection, onForward }: Props) {
  const { t } = useTranslation('conversation')
  const { chosen, end } = selection
  const count = chosen?.size ?? 0
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !document.querySelector('dialog[open]')) end()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [end])
  const forward = (mode: ForwardMode) => {
    const messages = [...(chosen?.values() ?? [])].sort((a, b) => a.seq - b.seq)
    onForward(messages, mode, end)
  }
  return (
    <div className={css.selection} role="toolbar" aria-label={t('selectMany')}>
      <IconButton label={t('selectEnd')} icon={<X size={18} />} onClick={end} />
      <span role="status">{t('selected', { count })}</span>
      <Button
        size="s"
        icon={<Forward size={16} aria-hidden />}
        disabled={count === 0}
        onClick={() => forward('separate')}
      >
        {t('forwardSeparate')}
      </Button>
      <Button
        size="s"
        variant="primary"
        icon={<Layers size={16} aria-hidden />}
        disabled={count === 0}
        onClick={() => forward('merged')}
      >
        {t('forwardMerged')}
      </Button>
    </div>
  )
}
