import { Problem, type Conversation, type ConversationView, type Principal } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import {
  AtSign,
  CheckCheck,
  Compass,
  Hash,
  Keyboard,
  Lock,
  MessageSquarePlus,
  Plus,
  Settings,
  Users,
} from 'lucide-react'
import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'

import { useSettled } from '../../shared/hooks'
import { emitIntent } from '../../shared/intents'
import { PersonAvatar } from '../../shared/PersonAvatar'
import { paths } from '../../shared/paths'
import { toastProblem } from '../../shared/problem'
import { matching, recent } from './rank'
import { useMessages } from './useMessages'

/** One line of the switcher. */
export interface Result {
  key: string
  section: 'recent' | 'people' | 'conversations' | 'browse' | 'messages' | 'actions'
  icon: ReactNode
  label: string
  detail: string
  unread: number
  mention: boolean
  run: () => void
}

const LIMIT = 8
/** More than are shown: the server lists by name, the best matches are picked here. */
const ASKED = 60

/** What fits a query: at once from memory, then with people and channels that only the server knows. */
export function useResults(query: string, open: boolean): Result[] {
  const weft = useWeft()
  const [path, go] = useLocation()
  const { t } = useTranslation('switcher')
  const conversations = useObservable(weft.conversations)
  const q = query.trim()
  const remote = useRemote(q, open)
  const messages = useMessages(q, open)
  const actions = useActions(q)

  return useMemo(() => {
    if (!open) return []
    const enter = (id: string) => go(paths.conversation(weft.org, id))
    const fromView = (c: ConversationView, section: Result['section']): Result => ({
      key: c.id,
      section,
      icon: <ConversationIcon conversation={c} />,
      label: c.title,
      detail: c.archived ? t('archived') : c.topic,
      unread: c.unread,
      mention: c.mentions > 0,
      run: () => enter(c.id),
    })
    if (!q) {
      const current = /\/c\/([^/]+)/.exec(path)?.[1] ?? null
      return [...recent(conversations, current, LIMIT).map((c) => fromView(c, 'recent')), ...actions]
    }
    const direct = new Map(
      conversations.filter((c) => c.kind === 'direct' && c.peers[0]).map((c) => [c.peers[0]!, c]),
    )
    // What the server found has been learnt: ranking is the same for all who are known.
    const people = weft.people
      .search(q, remote.people.length > 0 ? LIMIT * 4 : LIMIT * 2)
      .filter((p) => p.state !== 'deactivated')
      .sort((a, b) => Number(a.state === 'placeholder') - Number(b.state === 'placeholder'))
      .slice(0, LIMIT)
    const shownDirect = new Set(people.map((p) => direct.get(p.id)?.id))
    const found = matching(conversations, q, LIMIT).filter((c) => !shownDirect.has(c.id))
    const joined = new Set(conversations.map((c) => c.id))
    const fromPerson = (p: Principal): Result => {
      const with_ = direct.get(p.id)
      return {
        key: p.id,
        section: 'people',
        icon: <PersonAvatar id={p.id} size={24} />,
        label: p.name,
        detail: p.title,
        unread: with_?.unread ?? 0,
        mention: true,
        run: () =>
          with_
            ? enter(with_.id)
            : void weft.api.conversations
                .create({ kind: 'direct', members: [p.id] })
                .then((c) => enter(c.id), toastProblem),
      }
    }
    const browse = remote.channels
      .filter((c) => !joined.has(c.id))
      .slice(0, LIMIT)
      .map<Result>((c) => ({
        key: c.id,
        section: 'browse',
        icon: <Hash size={18} aria-hidden />,
        label: c.name,
        detail: c.topic,
        unread: 0,
        mention: false,
        run: () => enter(c.id),
      }))
    // People first unless a conversation's title begins with what was typed.
    const titles = found.map((c) => fromView(c, 'conversations'))
    const strong = found[0]?.title.toLowerCase().startsWith(q.toLowerCase()) ?? false
    const persons = people.map(fromPerson)
    const known = strong ? [...titles, ...persons] : [...persons, ...titles]
    return [...known, ...browse, ...messages, ...actions]
  }, [open, q, conversations, remote, messages, actions, weft, go, path, t])
}

function ConversationIcon({ conversation: c }: { conversation: ConversationView }) {
  const weft = useWeft()
  if (c.kind === 'direct') return <PersonAvatar id={c.peers[0] ?? weft.me} size={24} />
  const Icon = c.kind === 'private_channel' ? Lock : c.kind === 'group' ? Users : Hash
  return <Icon size={18} aria-hidden />
}

interface Remote {
  people: readonly Principal[]
  channels: readonly Conversation[]
}
const NOTHING: Remote = { people: [], channels: [] }

function useRemote(q: string, open: boolean): Remote {
  const weft = useWeft()
  const settled = useSettled(q, 140)
  const [found, setFound] = useState<Remote & { q: string }>({ ...NOTHING, q: '' })
  useEffect(() => {
    if (!open || !settled) return
    let live = true
    const quiet = (error: unknown) => {
      // Offline or refused: what is known here has to do.
      if (!(error instanceof Problem)) throw error
    }
    Promise.all([
      weft.people.fetchSearch(settled, ASKED).catch(quiet),
      weft.api.conversations.browse({ q: settled, limit: LIMIT }).catch(quiet),
    ]).then(([people, page]) => {
      if (live) setFound({ q: settled, people: people ?? [], channels: page?.items ?? [] })
    }, toastProblem)
    return () => {
      live = false
    }
  }, [weft, settled, open])
  // An answer for another query would make the list jump.
  return found.q === q ? found : NOTHING
}

const icon = { size: 18, 'aria-hidden': true } as const

function useActions(q: string): Result[] {
  const { t, i18n } = useTranslation('switcher')
  const weft = useWeft()
  const [, go] = useLocation()
  return useMemo(() => {
    const all: [string, ReactNode, () => void][] = [
      ['newMessage', <MessageSquarePlus {...icon} />, () => emitIntent('new-message', {})],
      ['createChannel', <Plus {...icon} />, () => emitIntent('create-channel', {})],
      ['browse', <Compass {...icon} />, () => go(paths.browse(weft.org))],
      ['people', <AtSign {...icon} />, () => go(paths.people(weft.org))],
      ['markAllRead', <CheckCheck {...icon} />, () => void weft.markAllRead().catch(toastProblem)],
      ['settings', <Settings {...icon} />, () => go(paths.settings(weft.org))],
      ['shortcuts', <Keyboard {...icon} />, () => emitIntent('shortcuts', {})],
    ]
    const query = q.toLowerCase()
    return all
      .map<Result & { words: string }>(([name, glyph, run]) => ({
        key: name,
        section: 'actions',
        icon: glyph,
        label: t(`action.${name}`),
        detail: '',
        unread: 0,
        mention: false,
        run,
        words: `${t(`action.${name}`)} ${t(`keys.${name}`)}`.toLowerCase(),
      }))
      .filter((a) => !query || a.words.split(' ').some((w) => w.startsWith(query)) || a.words.includes(query))
    // The language changes the words.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [q, t, weft, go, i18n.language])
}
