import { useCallback, useEffect } from 'react'
import { useLocation } from 'wouter'
import { useWeft } from '@weft/sdk/react'

import { useSetting } from '../../shared/hooks'
import { paths } from '../../shared/paths'
import { SETTING } from '../../shared/preferences'
import type { Shown } from './context'
import type { Place } from './usePlace'

/** The ways to read one conversation; each reader chooses. */
export const VIEWS = ['chat', 'threads', 'topics'] as const
export type View = (typeof VIEWS)[number]

/** Conversations whose view is remembered; the settings map is bounded. */
const MAX = 200

/** How a conversation is read, remembered on all my devices, and how to read it otherwise. */
export function useView(conversation: Shown, place: Place, seq: number | undefined) {
  const weft = useWeft()
  const [, go] = useLocation()
  const [views, setViews] = useSetting<Record<string, unknown>>(SETTING.views, {})
  const { id } = conversation
  const possible = conversation.kind !== 'direct' && conversation.kind !== 'announcement'
  const kept = VIEWS.find((view) => view === views[id]) ?? 'chat'
  // A link leads to a message among all others, or to a topic.
  const view: View = !possible || seq !== undefined ? 'chat' : place.topic ? 'topics' : kept
  const choose = useCallback(
    (next: View) => {
      const { [id]: _, ...others } = views
      const rest = Object.entries(others).slice(1 - MAX)
      if (next !== kept) setViews(Object.fromEntries(next === 'chat' ? rest : [...rest, [id, next]]))
      go(paths.conversation(weft.org, id))
    },
    [weft, go, id, views, kept, setViews],
  )
  useEffect(() => {
    if (!possible) return
    const key = (event: KeyboardEvent) => {
      const next = VIEWS[Number(/^Digit([123])$/.exec(event.code)?.[1]) - 1]
      if (!next || !event.altKey || !event.shiftKey || event.ctrlKey || event.metaKey) return
      event.preventDefault()
      choose(next)
    }
    window.addEventListener('keydown', key)
    return () => window.removeEventListener('keydown', key)
  }, [possible, choose])
  return { view, choose: possible ? choose : null }
}
