import type { Message } from '@weft/sdk'
import { IconButton, MenuList } from '@weft/ui'
import { Bookmark, Ellipsis, Forward, MessageSquareText, Quote, SmilePlus } from 'lucide-react'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useSaved } from '../../../shared/later/useSaved'
import { EmojiGlyph } from '../../../shared/emoji/EmojiGlyph'
import { EmojiPopover } from '../parts'
import { useFrequent } from '../../../shared/emoji/useFrequent'
import { useList } from '../context'
import { canForward } from '../useSelection'
import { abilities } from './abilities'
import { messageMenu } from './menu'
import css from './message.module.css'

interface Props {
  message: Message
  /** Kept in the page while a menu or picker hangs on it. */
  onBusy: (busy: boolean) => void
}

/** The floating bar at a message's top right: frequent reactions, thread, quote, forward, more. */
export function HoverBar({ message, onBusy }: Props) {
  const { t } = useTranslation('conversation')
  const list = useList()
  const saved = useSaved(message.id)
  const frequent = useFrequent()
  const [picker, setPicker] = useState<Element | null>(null)
  const [menu, setMenu] = useState<Element | null>(null)
  const can = abilities(message, list)
  const pick = (anchor: Element | null) => {
    setPicker(anchor)
    onBusy(anchor !== null)
  }
  const openMenu = (anchor: Element | null) => {
    setMenu(anchor)
    onBusy(anchor !== null)
  }
  return (
    <div className={css.bar} role="toolbar" aria-label={t('messageActions')}>
      {can.write &&
        frequent.map((emoji) => (
          <IconButton
            key={emoji}
            size="s"
            side="top"
            label={t('reactWith', { emoji })}
            icon={<EmojiGlyph emoji={emoji} />}
            onClick={() => list.actions.react(message, emoji)}
          />
        ))}
      {can.write && (
        <IconButton
          size="s"
          side="top"
          label={t('react')}
          keys="+"
          data-react
          icon={<SmilePlus size={16} />}
          onClick={(e) => pick(e.currentTarget)}
        />
      )}
      {can.thread && can.write && (
        <IconButton
          size="s"
          side="top"
          label={t('replyInThread')}
          keys="T"
          icon={<MessageSquareText size={16} />}
          onClick={() => list.actions.openThread(message)}
        />
      )}
      {can.write && (
        <IconButton
          size="s"
          side="top"
          label={t('quote')}
          keys="R"
          icon={<Quote size={16} />}
          onClick={() => list.actions.quote(message)}
        />
      )}
      {canForward(message) && (
        <IconButton
          size="s"
          side="top"
          label={t('forward')}
          keys="F"
          icon={<Forward size={16} />}
          onClick={() => list.actions.forward(message)}
        />
      )}
      {can.keep && (
        <IconButton
          size="s"
          side="top"
          label={t(saved ? 'later:unsaveMessage' : 'later:saveMessage')}
          keys="S"
          active={saved}
          aria-pressed={saved}
          icon={<Bookmark size={16} {...(saved ? { fill: 'currentColor' } : {})} />}
          onClick={() => list.actions.save(message)}
        />
      )}
      <IconButton
        size="s"
        side="top"
        label={t('more')}
        icon={<Ellipsis size={16} />}
        aria-haspopup="menu"
        aria-expanded={menu !== null}
        onClick={(e) => openMenu(e.currentTarget)}
      />
      {menu && (
        <MenuList
          anchor={menu}
          align="end"
          label={t('more')}
          items={messageMenu(t, message, list, false, saved)}
          onClose={() => openMenu(null)}
        />
      )}
      {picker && (
        <Suspense fallback={null}>
          <EmojiPopover
            anchor={picker}
            onPick={(emoji) => list.actions.react(message, emoji)}
            onClose={() => pick(null)}
          />
        </Suspense>
      )}
    </div>
  )
}
