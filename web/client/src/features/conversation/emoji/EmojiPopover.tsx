import { emojiOf, type EmojiSet, type OrgEmoji } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { Floating, Skeleton } from '@weft/ui'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'

import { useEmoji, type Emoji, type EmojiIndex } from '../../../lib/emoji'
import { EmojiImage } from '../../../shared/emoji/EmojiImage'
import { findOrgEmoji } from '../../../shared/emoji/find'
import { useMayAddEmoji } from '../../../shared/emoji/useMayAdd'
import { paths } from '../../../shared/paths'
import { countEmoji, frequentEmoji } from '../../../shared/emoji/frequent'
import '../../../shared/emoji/words'
import css from './emoji.module.css'

const COLUMNS = 9
const FOUND = 90
/** More of the org's own than this are found by searching. */
const OWN = 400

/** One to choose: a character, or one of the org's own. */
type Pick = Emoji | OrgEmoji

const valueOf = (pick: Pick): string => ('char' in pick ? pick.char : `:${pick.name}:`)

interface Props {
  anchor: Element
  onPick: (emoji: string) => void
  onClose: () => void
}

/** The emoji picker: search in both languages, the frequent ones first, arrows to move. */
export function EmojiPopover({ anchor, onPick, onClose }: Props) {
  const { t } = useTranslation('conversation')
  const index = useEmoji()
  const weft = useWeft()
  const own = useObservable(emojiOf(weft).set)
  const mayAdd = useMayAddEmoji()
  const [query, setQuery] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const before = useRef(document.activeElement as HTMLElement | null)
  useEffect(() => {
    input.current?.focus()
    const back = before.current
    return () => back?.focus({ preventScroll: true })
  }, [])
  const take = (pick: Pick) => {
    const emoji = valueOf(pick)
    countEmoji(emoji)
    onClose()
    onPick(emoji)
  }
  const found = index && query ? [...findOrgEmoji(own.all, query, FOUND), ...index.search(query, FOUND)] : []
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
            if (found[0]) take(found[0])
          }}
        />
        <div className={css.scroll}>
          {!index ? (
            <div className={css.bones}>
              <Skeleton height={160} />
            </div>
          ) : query ? (
            <Grid emoji={found} take={take} empty={t('emojiNone')} />
          ) : (
            <Groups index={index} own={own} take={take} />
          )}
        </div>
        {mayAdd && (
          <Link className={css.add} href={paths.settings(weft.org, 'emoji')} onClick={onClose}>
            {t('emoji:add')}
          </Link>
        )}
      </div>
    </Floating>
  )
}

interface GroupsProps {
  index: EmojiIndex
  own: EmojiSet
  take: (pick: Pick) => void
}

function Groups({ index, own, take }: GroupsProps) {
  const { t } = useTranslation('conversation')
  const often = frequentEmoji(COLUMNS * 3)
    .map((emoji) => (emoji.startsWith(':') ? own.named.get(emoji.slice(1, -1)) : index.find(emoji)))
    .filter((pick) => pick !== undefined)
    .slice(0, COLUMNS * 2)
  const [recent, ...rest] = [often, ...index.groups].map((emoji, i) => (
    <section key={i} className={css.group}>
      <h3>{t(`emojiGroups.${i}`)}</h3>
      <Grid emoji={emoji} take={take} />
    </section>
  ))
  return (
    <>
      {recent}
      {own.all.length > 0 && (
        <section className={css.group} data-own>
          <h3>{t('emoji:section')}</h3>
          <Grid emoji={own.all.slice(0, OWN)} take={take} />
        </section>
      )}
      {rest}
    </>
  )
}

interface GridProps {
  emoji: readonly Pick[]
  take: (pick: Pick) => void
  empty?: string
}

function Grid({ emoji, take, empty }: GridProps) {
  const { i18n } = useTranslation()
  const zh = i18n.language.startsWith('zh')
  if (emoji.length === 0) return <p className={css.none}>{empty}</p>
  return (
    <div className={css.grid}>
      {emoji.map((pick) => {
        if (!('char' in pick))
          return (
            <button key={pick.id} type="button" aria-label={`:${pick.name}:`} onClick={() => take(pick)}>
              <EmojiImage emoji={pick} beside />
            </button>
          )
        const name = zh && pick.zh ? pick.zh.split(' ')[0]! : pick.codes[0]!
        return (
          <button
            key={pick.char}
            type="button"
            title={`${name} :${pick.codes[0]}:`}
            aria-label={name}
            onClick={() => take(pick)}
          >
            {pick.char}
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
