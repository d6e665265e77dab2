import { emojiOf, type OrgEmoji, type Principal } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useEmoji } from '../../../lib/emoji'
import { findOrgEmoji } from '../../../shared/emoji/find'
import type { Trigger } from './trigger'
import type { CommandList } from './useCommands'

/** One line of the completion menu and what it puts into the text. */
export interface Choice {
  key: string
  kind: 'person' | 'everyone' | 'channel' | 'emoji' | 'command'
  /** Shown and inserted. */
  label: string
  detail: string
  /** Id behind the words; absent for emoji, whose words are what is sent. */
  wire?: string
  person?: Principal
  /** An emoji's character, a channel's kind. */
  glyph?: string
  /** An emoji of the org's own. */
  emoji?: OrgEmoji
}

const LIMIT = 8
/** More than are shown: the server lists by name, the best matches are picked here. */
const ASKED = 60

/** The choices for what is being typed: at once from memory, then with what the server finds behind them. */
export function useCompletion(
  trigger: Trigger | null,
  memberCount: number,
  commands: CommandList | undefined,
): Choice[] {
  const people = usePeople(trigger?.kind === 'person' ? trigger.query : null, memberCount)
  const channels = useChannels(trigger?.kind === 'channel' ? trigger.query : null)
  const emoji = useEmojiChoices(trigger?.kind === 'emoji' ? trigger.query : null)
  const query = trigger?.kind === 'command' ? trigger.query : null
  const known = commands?.(query) ?? NONE
  if (!trigger) return NONE
  if (query !== null) return known
  return trigger.kind === 'person' ? people : trigger.kind === 'channel' ? channels : emoji
}

const NONE: Choice[] = []

function usePeople(query: string | null, memberCount: number): Choice[] {
  const { t } = useTranslation('conversation')
  const weft = useWeft()
  const [remote, setRemote] = useState<{ query: string }>({ query: '' })
  useEffect(() => {
    if (!query) return
    let live = true
    const timer = setTimeout(() => {
      weft.people.fetchSearch(query, ASKED).then(
        () => live && setRemote({ query }),
        () => undefined, // Offline: what is known has to do.
      )
    }, 120)
    return () => {
      live = false
      clearTimeout(timer)
    }
  }, [weft, query])
  return useMemo(() => {
    if (query === null) return NONE
    // What the server found has been learnt by now, and is ranked with the others.
    const people = weft.people
      .search(query, remote.query === query ? LIMIT * 4 : LIMIT * 2)
      .filter((p) => p.state !== 'deactivated')
      .sort((a, b) => Number(a.state === 'placeholder') - Number(b.state === 'placeholder'))
      .slice(0, LIMIT)
      .map<Choice>((p) => ({
        key: p.id,
        kind: 'person',
        label: p.name,
        detail: p.title,
        wire: `<@${p.id}>`,
        person: p,
      }))
    const everyone = (['all', 'here'] as const)
      .map<Choice>((which) => ({
        key: which,
        kind: 'everyone',
        label: t(which === 'all' ? 'atAll' : 'atHere'),
        detail: t(which === 'all' ? 'atAllDetail' : 'atHereDetail', { count: memberCount }),
        wire: `<@${which}>`,
      }))
      .filter((c) => matches(`${c.key} ${c.label} ${t('atAllKeys')}`, query))
    return query ? [...people, ...everyone].slice(0, LIMIT) : [...people.slice(0, LIMIT - 2), ...everyone]
  }, [weft, query, remote, memberCount, t])
}

const matches = (words: string, query: string) =>
  words
    .toLowerCase()
    .split(/\s+/)
    .some((w) => w.startsWith(query.toLowerCase()))

function useChannels(query: string | null): Choice[] {
  const weft = useWeft()
  const conversations = useObservable(weft.conversations)
  return useMemo(() => {
    if (query === null) return NONE
    const q = query.toLowerCase()
    return conversations
      .filter((c) => (c.kind === 'channel' || c.kind === 'private_channel') && !c.archived)
      .map((c) => ({ c, rank: c.name.toLowerCase().indexOf(q) }))
      .filter(({ rank }) => rank >= 0)
      .sort((a, b) => a.rank - b.rank || b.c.last_at - a.c.last_at)
      .slice(0, LIMIT)
      .map(({ c }) => ({
        key: c.id,
        kind: 'channel',
        label: c.name,
        detail: c.topic,
        wire: `<#${c.id}>`,
        glyph: c.kind,
      }))
  }, [conversations, query])
}

/** The org's own that fit well come first, but leave room for standard ones. */
const OWN = 4

function useEmojiChoices(query: string | null): Choice[] {
  const index = useEmoji()
  const own = useObservable(emojiOf(useWeft()).set)
  const { i18n } = useTranslation()
  return useMemo(() => {
    if (query === null) return NONE
    const standard = index?.search(query, LIMIT) ?? []
    const ours = findOrgEmoji(own.all, query, Math.max(OWN, LIMIT - standard.length))
    const zh = i18n.language.startsWith('zh')
    return [
      ...ours.map<Choice>((emoji) => ({
        key: emoji.id,
        kind: 'emoji',
        label: `:${emoji.name}:`,
        detail: `:${emoji.name}:`,
        emoji,
      })),
      ...standard.map<Choice>((e) => ({
        key: e.char,
        kind: 'emoji',
        label: e.char,
        detail: zh && e.zh ? `${e.zh.split(' ')[0]} :${e.codes[0]}:` : `:${e.codes[0]}:`,
        glyph: e.char,
      })),
    ].slice(0, LIMIT)
  }, [index, own, query, i18n.language])
}
