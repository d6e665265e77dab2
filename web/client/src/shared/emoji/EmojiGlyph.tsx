import { lazy, Suspense } from 'react'

const NamedEmoji = lazy(() => import('./NamedEmoji'))

/** An emoji as text and reactions have it: a character, or a name between colons. */
export function EmojiGlyph({ emoji }: { emoji: string }) {
  return emoji[0] === ':' ? (
    <Suspense fallback={emoji}>
      <NamedEmoji name={emoji.slice(1, -1)} />
    </Suspense>
  ) : (
    <span>{emoji}</span>
  )
}
