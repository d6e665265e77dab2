import { emojiOf } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'

import './words'
import { frequentEmoji } from './frequent'

/** The emoji this person takes most; without the org's own that are there no more. */
export function useFrequent(limit?: number): string[] {
  const { named } = useObservable(emojiOf(useWeft()).set)
  return frequentEmoji(60)
    .filter((emoji) => !emoji.startsWith(':') || named.has(emoji.slice(1, -1)))
    .slice(0, limit ?? 3)
}
