import { Floating, Skeleton } from '@weft/ui'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useEmoji, type Emoji, type EmojiIndex } from '../../../lib/emoji'
import { countEmoji, frequentEmoji } from './frequent'
import css from './emoji.module.css'

const COLUMNS = 9
const FOUND = 90

interface Props {
  anchor: Element
  onPick: (emoji: string) => void
  onClose: () => void
}

/** The emoji picker: search in both languages, the frequent ones first, arrows to move. */
export function EmojiPopover({ anchor, onPick, onClose }: Props) {
  const { t } = useTranslation('conversation')
  const index = useEmoji()
  const [query, setQuery] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const before = useRef(document.activeElement as HTMLElement | null)
  useEffect(() => {
    input.current?.focus()
    const back = before.current
    return () => back?.focus({ preventScroll: true })
  }, [])
  const take = (emoji: string) => {
    countEmoji(emoji)
    onClose()
    onPick(emoji)
  }
  return (
    <Floating anchor={anchor} side="top" align="end" onClose={onClose} role="dialog" label={t('emojiPicker')}>
      <div className={css.picker} onKeyDown={moveByArrows}>
        <input
          ref={input}
          className={css.search}
          value={query}
          placeholder={t('emojiSearch')}
          aria-label={t('emojiSearch')}
          onChange={(e) => setQuery(e.target.value)}
          onKeyDown={(e) => {
            if (e.key !== 'Enter' || e.nativeEvent.isComposing || !index) return
            e.preventDefault()
            const first = query ? index.search(query, 1)[0] : undefined
            if (first) take(first.char)
          }}
        />
        <div className={css.scroll}>
          {!index ? (
            <div className={css.bones}>
              <Skeleton height={160} />
            </div>
          ) : query ? (
            <Grid emoji={index.search(query, FOUND)} take={take} empty={t('emojiNone')} />
          ) : (
            <Groups index={index} take={take} />
          )}
        </div>
      </div>
    </Floating>
  )
}

function Groups({ index, take }: { index: EmojiIndex; take: (emoji: string) => void }) {
  const { t } = useTranslation('conversation')
  const often = frequentEmoji(COLUMNS * 2)
    .map((char) => index.find(char))
    .filter((e): e is Emoji => e !== undefined)
  const groups = [often, ...index.groups]
  return groups.map((emoji, i) => (
    <section key={i} className={css.group}>
      <h3>{t(`emojiGroups.${i}`)}</h3>
      <Grid emoji={emoji} take={take} />
    </section>
  ))
}

function Grid({
  emoji,
  take,
  empty,
}: {
  emoji: readonly Emoji[]
  take: (emoji: string) => void
  empty?: string
}) {
  const { i18n } = useTranslation()
  const zh = i18n.language.startsWith('zh')
  if (emoji.length === 0) return <p className={css.none}>{empty}</p>
  return (
    <div className={css.grid}>
      {emoji.map((e) => {
        const name = zh && e.zh ? e.zh.split(' ')[0]! : e.codes[0]!
        return (
          <button
            key={e.char}
            type="button"
            title={`${name} :${e.codes[0]}:`}
            aria-label={name}
            onClick={() => take(e.char)}
          >
            {e.char}
          </button>
        )
      })}
    </div>
  )
}

/** Arrows walk the grid as it is laid out; from the search field, down enters it. */
function moveByArrows(event: React.KeyboardEvent<HTMLDivElement>): void {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key]
  if (!step || event.nativeEvent.isComposing) return
  const all = [...event.currentTarget.querySelectorAll('button')]
  const at = all.indexOf(document.activeElement as HTMLButtonElement)
  if (at < 0 && event.key !== 'ArrowDown') return
  event.preventDefault()
  const next = at < 0 ? 0 : at + step
  if (next < 0) event.currentTarget.querySelector('input')?.focus()
  else all[Math.min(next, all.length - 1)]?.focus()
}
