import './words'
import type { ConversationView, Level, Membership, Weft } from '@weft/sdk'
import { levelByDefault } from '@weft/sdk/attention'
import { toast, type MenuItem } from '@weft/ui'
import { AtSign, Bell, BellOff } from 'lucide-react'
import type { TFunction } from 'i18next'

import { toastProblem } from '../problem'

export type Notified = Pick<ConversationView, 'id' | 'kind' | 'member_count' | 'title'> & {
  me: Membership | null
}

/** What was chosen for a conversation; null: by its kind and size. */
export const chosenLevel = (view: Notified): Level | null =>
  view.me?.muted ? 'nothing' : (view.me?.level ?? null)

/** What holds for a conversation. */
export const levelOf = (view: Notified): Level =>
  chosenLevel(view) ?? levelByDefault(view.kind, view.member_count)

const ICONS = { all: Bell, mentions: AtSign, nothing: BellOff } as const

export function LevelIcon({ level, size = 16 }: { level: Level; size?: number }) {
  const Icon = ICONS[level]
  return <Icon size={size} aria-hidden />
}

/** Changes the level, and says how to go back. */
export function setLevel(weft: Weft, view: Notified, level: Level | null, t: TFunction): void {
  const before = chosenLevel(view)
  if (before === level) return
  const put = (to: Level | null) => weft.setMembership(view.id, { level: to })
  put(level).then(
    () =>
      toast({
        text: t('attention:level.changed', {
          name: view.title,
          level: t(`attention:level.${level ?? levelByDefault(view.kind, view.member_count)}`),
        }),
        undo: () => void put(before).catch(toastProblem),
      }),
    toastProblem,
  )
}

/** The levels of a conversation as a menu. */
export function levelItems(weft: Weft, view: Notified, t: TFunction): MenuItem[] {
  const chosen = chosenLevel(view)
  const byDefault = levelByDefault(view.kind, view.member_count)
  const silenced = view.me?.all_silenced ?? false
  const levels: (Level | null)[] = [null, 'all', 'mentions', 'nothing']
  const items: MenuItem[] = levels.map((level) => ({
    label: t(
      level === null
        ? byDefault === 'all'
          ? 'attention:level.defaultAll'
          : 'attention:level.defaultMentions'
        : `attention:level.${level}`,
    ),
    hint: level === null || level === 'all' ? undefined : t(`attention:level.${level}Hint`),
    checked: chosen === level,
    onSelect: () => setLevel(weft, view, level, t),
  }))
  if (view.kind === 'direct') return items
  return [
    ...items,
    '-',
    {
      label: t('attention:level.silenceAll'),
      hint: t('attention:level.silenceAllHint'),
      checked: silenced,
      onSelect: () => void weft.setMembership(view.id, { all_silenced: !silenced }).catch(toastProblem),
    },
  ]
}
