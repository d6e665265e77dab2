import type { Message } from '@weft/sdk'
import type { MenuItem } from '@weft/ui'
import type { TFunction } from 'i18next'
import {
  Bookmark,
  Copy,
  Forward,
  History,
  Link2,
  ListChecks,
  MailOpen,
  MessageSquareText,
  Pencil,
  Pin,
  PinOff,
  Quote,
  Reply,
  Siren,
  Tag,
  Trash2,
  Undo2,
} from 'lucide-react'

import type { ListContextValue } from '../context'
import { canForward } from '../useSelection'
import { abilities } from './abilities'

const icon = { size: 16, 'aria-hidden': true } as const

/** The "more" menu of a message, also its menu on long press and right click. */
export function messageMenu(
  t: TFunction<'conversation'>,
  message: Message,
  list: ListContextValue,
  full: boolean,
  saved: boolean,
) {
  const can = abilities(message, list)
  const { actions } = list
  const live = message.state === 'live'
  const items: (MenuItem | false)[] = [
    full &&
      can.thread &&
      can.write && {
        label: t('replyInThread'),
        icon: <MessageSquareText {...icon} />,
        keys: 'T',
        onSelect: () => actions.openThread(message),
      },
    full &&
      can.write && {
        label: t('quote'),
        icon: <Quote {...icon} />,
        keys: 'R',
        onSelect: () => actions.quote(message),
      },
    full &&
      canForward(message) && {
        label: t('forward'),
        icon: <Forward {...icon} />,
        keys: 'F',
        onSelect: () => actions.forward(message),
      },
    can.keep && {
      label: t(saved ? 'later:unsaveMessage' : 'later:saveMessage'),
      icon: <Bookmark {...icon} />,
      keys: 'S',
      onSelect: () => actions.save(message),
    },
    canForward(message) && {
      label: t('quoteElsewhere'),
      icon: <Reply {...icon} />,
      onSelect: () => actions.quoteElsewhere(message),
    },
    canForward(message) && {
      label: t('select'),
      icon: <ListChecks {...icon} />,
      onSelect: () => list.selection.start(message),
    },
    can.buzz && {
      label: t('makeUrgent'),
      icon: <Siren {...icon} />,
      onSelect: () => actions.buzz(message),
    },
    can.edit && {
      label: t('edit'),
      icon: <Pencil {...icon} />,
      keys: 'E',
      onSelect: () => actions.edit(message),
    },
    can.recall && { label: t('recall'), icon: <Undo2 {...icon} />, onSelect: () => actions.recall(message) },
    can.write &&
      can.keep && {
        label: t(message.pinned ? 'unpin' : 'pin'),
        icon: message.pinned ? <PinOff {...icon} /> : <Pin {...icon} />,
        onSelect: () => actions.pin(message, !message.pinned),
      },
    can.topic && {
      label: t('moveTopic'),
      icon: <Tag {...icon} />,
      onSelect: () => actions.moveTopic(message),
    },
    live && { label: t('copyText'), icon: <Copy {...icon} />, onSelect: () => actions.copyText(message) },
    { label: t('copyLink'), icon: <Link2 {...icon} />, onSelect: () => actions.copyLink(message) },
    !list.thread &&
      list.conversation.me !== null && {
        label: t('markUnread'),
        icon: <MailOpen {...icon} />,
        onSelect: () => actions.markUnread(message),
      },
    message.edited_at !== null &&
      live && { label: t('history'), icon: <History {...icon} />, onSelect: () => actions.history(message) },
    can.remove && '-',
    can.remove && {
      label: t('delete'),
      icon: <Trash2 {...icon} />,
      danger: true,
      onSelect: () => actions.remove(message),
    },
  ]
  return items.filter((i): i is MenuItem => i !== false)
}
