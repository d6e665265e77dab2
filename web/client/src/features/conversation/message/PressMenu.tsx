import type { Message } from '@weft/sdk'
import { MenuList } from '@weft/ui'
import { useTranslation } from 'react-i18next'

import { useSaved } from '../../../shared/later/useSaved'
import { useList } from '../context'
import { EmojiGlyph } from '../../../shared/emoji/EmojiGlyph'
import { useFrequent } from '../../../shared/emoji/useFrequent'
import { abilities } from './abilities'
import { messageMenu } from './menu'
import css from './message.module.css'

/** Reactions at hand in the menu of a long press. */
const QUICK = 6

interface Props {
  message: Message
  anchor: { x: number; y: number }
  onClose: () => void
}

/** What a long press on a message opens. */
export function PressMenu({ message, anchor, onClose }: Props) {
  const { t } = useTranslation('conversation')
  const list = useList()
  const saved = useSaved(message.id)
  const frequent = useFrequent(QUICK)
  return (
    <MenuList
      anchor={anchor}
      label={t('messageActions')}
      items={messageMenu(t, message, list, true, saved)}
      header={
        abilities(message, list).write && (
          <div className={css.quick}>
            {frequent.map((emoji) => (
              <button
                key={emoji}
                type="button"
                aria-label={t('reactWith', { emoji })}
                onClick={() => {
                  onClose()
                  list.actions.react(message, emoji)
                }}
              >
                <EmojiGlyph emoji={emoji} />
              </button>
            ))}
          </div>
        )
      }
      onClose={onClose}
    />
  )
}
