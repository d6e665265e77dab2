import { emojiOf } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'

import { useEmoji } from '../../lib/emoji'
import { EmojiImage } from './EmojiImage'

/** A standard name is its character, another one the org's own; what there is none of stays its name. */
export default function NamedEmoji({ name }: { name: string }) {
  const char = useEmoji()?.char(name)
  const own = useObservable(emojiOf(useWeft()).set).named.get(name)
  const text = `:${name}:`
  if (char)
    return (
      <span role="img" aria-label={name} title={text}>
        {char}
      </span>
    )
  return own ? <EmojiImage key={own.id} emoji={own} /> : text
}
