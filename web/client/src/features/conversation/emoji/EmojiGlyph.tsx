import { useEmoji } from '../../../lib/emoji'

/** An emoji as stored in a reaction: a character, or a shortcode (imports carry them). */
export function EmojiGlyph({ emoji }: { emoji: string }) {
  return /^:?[a-z0-9_+'-]+:?$/.test(emoji) ? (
    <Shortcode name={emoji.replace(/^:|:$/g, '')} />
  ) : (
    <span>{emoji}</span>
  )
}

function Shortcode({ name }: { name: string }) {
  return <span>{useEmoji()?.char(name) ?? `:${name}:`}</span>
}
