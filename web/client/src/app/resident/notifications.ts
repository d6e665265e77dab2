import type { ConversationView, UnreadTotals, Weft } from '@weft/sdk'
import { session } from '../../shared/session'
import { closeNotifications, forgetPush, keepRegistered } from '../../shared/push/push'
import { onPushed } from '../../shared/push/arrivals'

type Badging = Navigator & {
  setAppBadge?: (count: number) => Promise<void>
  clearAppBadge?: () => Promise<void>
}

/** Keeps the device's registration, what it shows and the number on the app's icon in step with the session. */
export function keepNotifications(): void {
  let last = session.get().at
  const look = (): void => {
    const state = session.get()
    const before = last
    last = state.at
    if (state.at === before) return
    if (state.at === 'in') keepRegistered(session.api, before === 'out').catch(() => undefined)
    // One whose session ran out may come back; the server tells it nothing until then.
    else if (state.at === 'out' && state.why && state.why !== 'expired') void forgetPush()
  }
  session.subscribe(look)
  if (last === 'in') keepRegistered(session.api, false).catch(() => undefined)
  followReading()
  onPushed()
}

/** What was read in a page is not shown any more. */
function followReading(): void {
  const known = new Set<Weft>()
  const look = (): void => {
    badge()
    for (const weft of session.workspaces.get()) {
      if (known.has(weft)) continue
      known.add(weft)
      let unread = new Set<string>()
      weft.conversations.subscribe(() => {
        const now = new Set(
          weft.conversations
            .get()
            .filter(isUnread)
            .map((each) => each.id),
        )
        const read = [...unread].filter((id) => !now.has(id))
        unread = now
        if (read.length > 0) void closeNotifications((tag) => read.includes(tag))
        badge()
      })
    }
  }
  session.workspaces.subscribe(look)
  look()
}

function isUnread(view: ConversationView): boolean {
  return view.unread > 0
}

/** As the server counts for a device: unread in direct conversations and groups, and unread mentions. */
function calls(view: ConversationView): number {
  if (!view.me || view.me.muted) return 0
  return view.kind === 'direct' || view.kind === 'group' || view.kind === 'announcement'
    ? view.unread
    : view.me.mentions
}

function badge(): void {
  const { setAppBadge, clearAppBadge } = navigator as Badging
  if (!setAppBadge || !clearAppBadge) return
  const views = session.workspaces.get().flatMap((weft) => {
    const { uncounted } = weft.unreadTotal as UnreadTotals
    return weft.conversations.get().filter((view) => !uncounted.has(view.kind))
  })
  const count = views.reduce((sum, view) => sum + calls(view), 0)
  const done = count > 0 ? setAppBadge.call(navigator, count) : clearAppBadge.call(navigator)
  done.catch(() => undefined)
}
