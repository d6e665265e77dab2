import type { MergedForwardPart, MergedItem } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { usePerson } from '../../../shared/hooks'
import { quotableText } from '../../../shared/messageText'
import { QuotedText } from '../../../shared/QuotedText'
import { useList } from '../context'
import css from './parts.module.css'

/** Messages that the card itself shows. */
const SHOWN = 4

/** Several messages that were forwarded as one; all of them are in the dialog that it opens. */
export function MergedCard({ part }: { part: MergedForwardPart }) {
  const { t } = useTranslation('conversation')
  const { actions } = useList()
  const title = useMergedTitle(part)
  return (
    <button
      type="button"
      className={css.merged}
      aria-haspopup="dialog"
      onClick={() => actions.openMerged(part)}
    >
      <b>{title}</b>
      {part.items.slice(0, SHOWN).map((item) => (
        <Line key={item.message} item={item} />
      ))}
      <small>{t('mergedCount', { count: part.count })}</small>
    </button>
  )
}

function Line({ item }: { item: MergedItem }) {
  const { t } = useTranslation('conversation')
  const who = usePerson(item.from)
  const text = quotableText({ content: { v: 1, parts: item.parts } })
  return (
    <span className={css.mergedLine}>
      {who?.name ?? t('someone')}: {text ? <QuotedText text={text} /> : t('unknownPart')}
    </span>
  )
}

/** After the conversation; where that had no name, after the first two people. */
export function useMergedTitle(part: MergedForwardPart): string {
  const { t } = useTranslation('conversation')
  const weft = useWeft()
  const known = useObservable(useMemo(() => weft.conversation(part.conversation), [weft, part.conversation]))
  const people = [...new Set(part.items.map((item) => item.from))]
  const one = usePerson(people[0] ?? '')
  const other = usePerson(people[1] ?? people[0] ?? '')
  const names = [...new Set([one?.name, other?.name])].filter(Boolean).join(t('mergedAnd'))
  return t('mergedTitle', { name: part.title || (known?.name ?? '') || names || t('someone') })
}
