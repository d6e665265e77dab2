import { Button, IconButton } from '@weft/ui'
import { ChevronDown, SendHorizontal } from 'lucide-react'
import { lazy, Suspense, useImperativeHandle, useRef, useState, type Ref } from 'react'
import { useTranslation } from 'react-i18next'

import '../../../shared/later/words'
import { SEND } from '../../../shared/later/when'
import { useLongPress } from '../../../shared/press'
import type { When } from '../../../shared/when/when'
import css from './sendButton.module.css'

const MomentMenu = lazy(() => import('../../../shared/later/MomentMenu'))

export interface SendHandle {
  /** Opens the menu of times. */
  later(): void
}

interface Props {
  disabled: boolean
  onSend: () => void
  onLater: (when: When) => void
  ref?: Ref<SendHandle>
}

/** Sends; beside it, or on a long press, when to send. */
export function SendButton({ disabled, onSend, onLater, ref }: Props) {
  const { t } = useTranslation('conversation')
  const more = useRef<HTMLSpanElement>(null)
  const [open, setOpen] = useState(false)
  const later = () => !disabled && setOpen(true)
  const press = useLongPress(later)
  useImperativeHandle(ref, () => ({ later }))
  return (
    <span ref={more} className={css.split}>
      <Button
        variant="primary"
        size="s"
        icon={<SendHorizontal size={16} aria-hidden />}
        disabled={disabled}
        onPointerDown={(e) => e.preventDefault()}
        onClick={onSend}
        className={css.send}
        {...press}
      >
        {t('send')}
      </Button>
      <IconButton
        size="s"
        side="top"
        label={t('later:sendLater')}
        icon={<ChevronDown size={16} />}
        disabled={disabled}
        aria-haspopup="menu"
        aria-expanded={open}
        className={css.more}
        onClick={later}
      />
      {open && more.current && (
        <Suspense fallback={null}>
          <MomentMenu
            anchor={more.current}
            side="top"
            align="end"
            title={t('later:sendLater')}
            action={t('later:schedule')}
            presets={SEND}
            onPick={onLater}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </span>
  )
}
