import type { ConversationView, Weft } from '@weft/sdk'
import { toast, type MenuItem } from '@weft/ui'
import i18next from 'i18next'

import '../../shared/later/words'
import type { TimeStyle } from '../../lib/time'
import { momentItems } from '../../shared/later/menu'
import { SNOOZE } from '../../shared/later/when'
import { toastProblem } from '../../shared/problem'
import { formatMoment } from '../../shared/when/format'
import { instantOf, type When } from '../../shared/when/when'

/** In the language of the moment. */
const words = (key: string, holes: Record<string, unknown> = {}): string =>
  i18next.t(key, { ns: 'later', ...holes })

/** Takes a conversation back as it was, unread marks aside. */
function undo(weft: Weft, view: ConversationView): () => void {
  return () => void weft.setMembership(view.id, { hidden: false }).catch(toastProblem)
}

/** Done with a conversation: it is read, and leaves the list until something new is told. */
export function putAway(weft: Weft, view: ConversationView): void {
  if (view.unread > 0 || view.unreadFrom !== null) weft.markRead(view.id, view.head_seq)
  weft
    .setMembership(view.id, { hidden: true })
    .then(
      () => toast({ text: words('doneToast', { name: view.title }), undo: undo(weft, view) }),
      toastProblem,
    )
}

/** Puts a conversation away until a time at most. */
export function snooze(weft: Weft, view: ConversationView, when: When, style: TimeStyle): void {
  if (view.unread > 0 || view.unreadFrom !== null) weft.markRead(view.id, view.head_seq)
  weft.setMembership(view.id, { snooze: when }).then(() => {
    const at = formatMoment(instantOf(when), Date.now() * 1000, style)
    toast({ text: words('snoozed', { name: view.title, when: at }), undo: undo(weft, view) })
  }, toastProblem)
}

/** Times at which a conversation may return. */
export function snoozeItems(
  weft: Weft,
  view: ConversationView,
  style: TimeStyle,
  other: () => void,
): MenuItem[] {
  return momentItems(words, style, SNOOZE, (when) => snooze(weft, view, when, style), other)
}
