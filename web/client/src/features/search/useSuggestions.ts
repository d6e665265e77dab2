import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'

import { useSettled } from '../../shared/hooks'
import { searchIn } from '../../shared/searchIn'
import { DAYS, FILTERS, HAS, IS, written, type FilterName, type Piece } from './language'

/** Something that may stand in place of what is being typed. */
export interface Suggestion {
  key: string
  label: string
  detail: string
  /** A face to show. */
  person?: string
  /** What takes the place of the piece at the caret. */
  text: string
  /** More is to be typed after it. */
  open: boolean
}

const LIMIT = 8

/** What the piece at the caret could become. */
export function useSuggestions(piece: Piece | null): Suggestion[] {
  const { t } = useTranslation('search')
  const people = usePeople(piece)
  const conversations = useConversations(piece)
  return useMemo(() => {
    if (!piece) return []
    const typed = piece.typed.toLowerCase()
    const { filter, negated } = piece
    if (!filter) {
      const fits = (name: FilterName) => name.startsWith(typed) || t(name).toLowerCase().startsWith(typed)
      return FILTERS.filter((name) => typed && fits(name)).map((name) => ({
        key: name,
        label: `${name}:`,
        detail: t(`hint.${name}`),
        text: `${negated ? '-' : ''}${name}:`,
        open: true,
      }))
    }
    const listed = (values: readonly string[]): Suggestion[] =>
      values
        .filter((value) => value.startsWith(typed) || t(`value.${value}`).toLowerCase().includes(typed))
        .map((value) => ({
          key: value,
          label: t(`value.${value}`),
          detail: value,
          text: written(filter, value, negated),
          open: false,
        }))
    if (filter === 'from' || filter === 'mentions') return people
    if (filter === 'in') return conversations
    if (filter === 'has') return listed(HAS)
    if (filter === 'is') return listed(IS)
    return filter === 'topic' ? [] : listed(DAYS)
  }, [piece, people, conversations, t])
}

function usePeople(piece: Piece | null): Suggestion[] {
  const { t } = useTranslation('search')
  const weft = useWeft()
  const filter = piece?.filter
  const wanted = filter === 'from' || filter === 'mentions'
  const typed = wanted ? piece!.typed.replace(/^@/, '') : ''
  const settled = useSettled(typed, 140)
  const [fetched, setFetched] = useState(0)
  useEffect(() => {
    if (!wanted || !settled) return
    let live = true
    weft.people.fetchSearch(settled, 20).then(
      () => live && setFetched((n) => n + 1),
      (error: unknown) => {
        // Offline or refused: who is known here has to do.
        if (!(error instanceof Problem)) throw error
      },
    )
    return () => {
      live = false
    }
  }, [weft, wanted, settled])
  return useMemo(() => {
    if (!wanted || !filter) return []
    const me = t('me')
    const self: Suggestion = {
      key: 'me',
      label: me,
      detail: '@me',
      person: weft.me,
      text: written(filter, '@me', piece!.negated),
      open: false,
    }
    const first = 'me'.startsWith(typed.toLowerCase()) || me.toLowerCase().startsWith(typed.toLowerCase())
    const found = weft.people.search(typed, LIMIT).map((person) => ({
      key: person.id,
      label: person.name,
      detail: person.title,
      person: person.id,
      text: written(filter, person.name, piece!.negated),
      open: false,
    }))
    return [...(first ? [self] : []), ...found].slice(0, LIMIT)
    // What was fetched is in the store that is searched.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [weft, wanted, filter, typed, piece?.negated, fetched, t])
}

function useConversations(piece: Piece | null): Suggestion[] {
  const weft = useWeft()
  const all = useObservable(weft.conversations)
  return useMemo(() => {
    if (piece?.filter !== 'in') return []
    const typed = piece.typed.toLowerCase().replace(/^[#@]/, '')
    const fits = (title: string, key: string | undefined) =>
      title.toLowerCase().includes(typed) || (key ?? '').split(' ').some((word) => word.startsWith(typed))
    return all
      .filter((view) => view.title && fits(view.title, view.search_key))
      .sort((a, b) => b.last_at - a.last_at)
      .slice(0, LIMIT)
      .map((view) => {
        const channel = view.kind === 'channel' || view.kind === 'private_channel'
        const direct = view.kind === 'direct' && view.peers[0]
        return {
          key: view.id,
          label: channel ? `#${view.title}` : view.title,
          detail: view.topic,
          ...(direct && { person: direct }),
          text: `${piece.negated ? '-' : ''}${searchIn(view)}`,
          open: false,
        }
      })
  }, [all, piece])
}
