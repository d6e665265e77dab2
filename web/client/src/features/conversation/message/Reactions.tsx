import type { Message, Reaction } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { Tooltip } from '@weft/ui'
import { SmilePlus } from 'lucide-react'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { EmojiGlyph } from '../../../shared/emoji/EmojiGlyph'
import { EmojiPopover } from '../parts'
import { useList } from '../context'
import { joinNames, useNames } from '../../../shared/names'
import css from './reactions.module.css'

const NAMED = 12

/** The reactions to a message; pressing one joins or leaves it. */
export function Reactions({ message }: { message: Message }) {
  const { t } = useTranslation('conversation')
  const { actions } = useList()
  const [anchor, setAnchor] = useState<Element | null>(null)
  if (message.reactions.length === 0) return null
  return (
    <div className={css.row}>
      {message.reactions.map((r) => (
        <Chip key={r.emoji} message={message} reaction={r} />
      ))}
      <button
        type="button"
        className={css.chip}
        aria-label={t('react')}
        onClick={(e) => setAnchor(e.currentTarget)}
      >
        <SmilePlus size={16} aria-hidden />
      </button>
      {anchor && (
        <Suspense fallback={null}>
          <EmojiPopover
            anchor={anchor}
            onPick={(emoji) => actions.react(message, emoji)}
            onClose={() => setAnchor(null)}
          />
        </Suspense>
      )}
    </div>
  )
}

function Chip({ message, reaction }: { message: Message; reaction: Reaction }) {
  const { t } = useTranslation('conversation')
  const weft = useWeft()
  const { actions } = useList()
  const mine = reaction.by.includes(weft.me)
  return (
    <Tooltip side="top" label={<Reactors reaction={reaction} />}>
      <button
        type="button"
        className={mine ? `${css.chip} ${css.mine}` : css.chip}
        aria-pressed={mine}
        aria-label={t('reactionCount', { emoji: reaction.emoji, count: reaction.count })}
        onClick={() => actions.react(message, reaction.emoji)}
      >
        <EmojiGlyph emoji={reaction.emoji} />
        <span data-tabular>{reaction.count}</span>
      </button>
    </Tooltip>
  )
}

function Reactors({ reaction }: { reaction: Reaction }) {
  const { t, i18n } = useTranslation('conversation')
  const names = useNames(reaction.by.slice(0, NAMED)).map((n) => n || t('someone'))
  const rest = reaction.count - names.length
  const people = rest > 0 ? [...names, t('others', { count: rest })] : names
  return <span className={css.reactors}>{joinNames(people, i18n.language)}</span>
}
