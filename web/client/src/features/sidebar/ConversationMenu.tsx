import { useTranslation } from 'react-i18next'
import { AlarmClock, Archive, CheckCheck, FolderInput, Link2, LogOut, Star, StarOff } from 'lucide-react'
import { useLocation } from 'wouter'
import { MenuList, toast, type MenuItem } from '@weft/ui'
import type { ConversationView, MembershipPatch } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { LevelIcon, levelItems, levelOf } from '../../shared/attention/levels'
import { absolute, paths } from '../../shared/paths'
import { toastProblem } from '../../shared/problem'
import { useTimeStyle } from '../../shared/timeStyle'
import type { SidebarActions } from './actions'
import { homeOf, type Row } from './model'
import { putAway, snoozeItems } from './putAway'

export interface MenuAt {
  view: ConversationView
  at: { x: number; y: number } | Element
}

interface Props {
  menu: MenuAt
  rows: readonly Row[]
  actions: SidebarActions
  onClose: () => void
  /** Asks for a new section to hold this conversation. */
  onNewSection: () => void
  /** Asks for another time at which it returns. */
  onSnooze: () => void
}

/** What can be done to a conversation from the list. */
export function ConversationMenu(props: Props) {
  const { menu, rows, actions, onClose } = props
  const { t } = useTranslation('sidebar')
  const weft = useWeft()
  const [path, go] = useLocation()
  const { view } = menu
  const me = view.me
  const style = useTimeStyle()
  const icon = { size: 16, 'aria-hidden': true } as const

  const set = (patch: MembershipPatch) => void weft.setMembership(view.id, patch).catch(toastProblem)
  const leave = async () => {
    try {
      await weft.api.conversations.leave(view.id)
      // What is left is not to be looked at; home opens another conversation.
      if (path.split('/').includes(view.id)) go(paths.home(weft.org))
      const again =
        view.kind === 'channel'
          ? { undo: () => void weft.api.conversations.join(view.id).catch(toastProblem) }
          : {}
      toast({ text: t('left', { name: view.title }), ...again })
    } catch (error) {
      toastProblem(error)
    }
  }
  return (
    <MenuList
      anchor={menu.at}
      label={view.title}
      onClose={onClose}
      items={[
        {
          label: t('markRead'),
          icon: <CheckCheck {...icon} />,
          disabled: view.unread === 0 && view.unreadFrom === null,
          onSelect: () => weft.markRead(view.id, view.head_seq),
        },
        {
          label: me?.favourite ? t('unfavourite') : t('favourite'),
          icon: me?.favourite ? <StarOff {...icon} /> : <Star {...icon} />,
          onSelect: () => set({ favourite: !me?.favourite }),
        },
        {
          label: t('attention:level.title'),
          icon: <LevelIcon level={levelOf(view)} />,
          items: levelItems(weft, view, t),
        },
        {
          label: t('moveTo'),
          icon: <FolderInput {...icon} />,
          items: sectionItems(view, rows, actions, t, props.onNewSection),
        },
        '-',
        {
          label: t('copyLink'),
          icon: <Link2 {...icon} />,
          onSelect: () =>
            void navigator.clipboard
              .writeText(absolute(paths.conversation(weft.org, view.id)))
              .then(() => toast({ text: t('common:copied') }), toastProblem),
        },
        {
          label: t('later:doneConversation'),
          icon: <Archive {...icon} />,
          keys: 'E',
          hint: t('later:doneHint'),
          onSelect: () => putAway(weft, view),
        },
        {
          label: t('later:snooze'),
          icon: <AlarmClock {...icon} />,
          items: snoozeItems(weft, view, style, props.onSnooze),
        },
        view.kind !== 'direct' && '-',
        view.kind !== 'direct' && {
          label: t('leave'),
          icon: <LogOut {...icon} />,
          danger: true,
          onSelect: () => void leave(),
        },
      ]}
    />
  )
}

function sectionItems(
  view: ConversationView,
  rows: readonly Row[],
  actions: SidebarActions,
  t: (key: string) => string,
  onNew: () => void,
): MenuItem[] {
  const home = homeOf(view)
  const now = rows.find((row) => row.type === 'conversation' && row.view.id === view.id)
  const at = now?.type === 'conversation' ? now.section : null
  const to = (section: string, label: string): MenuItem => ({
    label,
    checked: at === section,
    onSelect: () => actions.move(view, section),
  })
  return [
    ...actions.prefs.sections.map((section) => to(section.id, section.name)),
    to(home, t(`section.${home}`)),
    '-',
    { label: t('section.newHere'), onSelect: onNew },
  ]
}
