import { Hash, Lock, SquareSlash, Users } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'

import { EmojiImage } from '../../../shared/emoji/EmojiImage'
import { PersonAvatar, PersonTag } from '../../../shared/PersonAvatar'
import css from './composer.module.css'
import type { Choice } from './useCompletion'

interface Props {
  id: string
  choices: readonly Choice[]
  active: number
  onHover: (index: number) => void
  onPick: (choice: Choice) => void
}

/** The list over the composer; the keyboard stays in the text. */
export function CompletionMenu({ id, choices, active, onHover, onPick }: Props) {
  const { t } = useTranslation('conversation')
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' })
  }, [active])
  return (
    <ul ref={list} id={id} role="listbox" aria-label={t('suggestions')} className={css.menu}>
      {choices.map((choice, i) => (
        <li
          key={choice.key}
          id={`${id}-${i}`}
          role="option"
          aria-selected={i === active}
          className={css.choice}
          onPointerMove={() => onHover(i)}
          onPointerDown={(e) => {
            // The caret must not leave the text.
            e.preventDefault()
            onPick(choice)
          }}
        >
          <Glyph choice={choice} />
          {choice.kind !== 'emoji' && <span className={css.choiceName}>{choice.label}</span>}
          {choice.person && <PersonTag person={choice.person} />}
          <span className={css.choiceDetail}>{choice.detail}</span>
        </li>
      ))}
    </ul>
  )
}

function Glyph({ choice }: { choice: Choice }) {
  if (choice.person) return <PersonAvatar id={choice.person.id} size={24} />
  if (choice.kind === 'emoji')
    return (
      <span className={css.choiceEmoji}>
        {choice.emoji ? <EmojiImage emoji={choice.emoji} beside /> : choice.glyph}
      </span>
    )
  const Icon =
    choice.kind === 'command'
      ? SquareSlash
      : choice.kind === 'everyone'
        ? Users
        : choice.glyph === 'private_channel'
          ? Lock
          : Hash
  return (
    <span className={css.choiceIcon}>
      <Icon size={16} aria-hidden />
    </span>
  )
}
