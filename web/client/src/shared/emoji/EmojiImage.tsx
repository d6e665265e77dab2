import { emojiOf, type OrgEmoji } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { useState } from 'react'

import css from './emoji.module.css'

interface Props {
  emoji: OrgEmoji
  /** Its name stands beside it: it is not said twice. */
  beside?: boolean
}

/** The picture of an emoji, as high as the text around it; for who wants less motion one that does not move. */
export function EmojiImage({ emoji, beside }: Props) {
  const book = emojiOf(useWeft())
  const [failed, setFailed] = useState(false)
  const text = `:${emoji.name}:`
  if (failed) return text
  return (
    <picture>
      {emoji.animated && (
        <source media="(prefers-reduced-motion: reduce)" srcSet={book.url(emoji.id, true)} />
      )}
      <img
        className={css.emoji}
        src={book.url(emoji.id)}
        alt={beside ? '' : text}
        title={text}
        width={emoji.width}
        height={emoji.height}
        loading="lazy"
        decoding="async"
        draggable={false}
        onError={() => setFailed(true)}
      />
    </picture>
  )
}
