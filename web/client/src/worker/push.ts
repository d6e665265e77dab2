/** Notifications: showing them, and what people do with them. */
import { describeAgent } from '../shared/agent'
import { merge, read, text, words, type Payload, type Shown } from './payload'
import type { WorkerScope } from './scope'

interface Action {
  action: string
  title: string
  type?: 'text'
  placeholder?: string
}

type Options = NotificationOptions & {
  actions?: Action[]
  renotify?: boolean
  timestamp?: number
}

const ICON = '/icons/192.png'
const BADGE = '/icons/badge.png'

/** Shows what was pushed, or takes away what is not news any more. */
export async function push(scope: WorkerScope, data: unknown): Promise<void> {
  const payload = read(data)
  if (!payload) return
  const { registration } = scope
  const before = await registration.getNotifications({ tag: payload.tag })
  await setBadge(scope, payload.badge)
  if (payload.t === 'clear') return before.forEach((notification) => notification.close())
  const windows = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true })
  windows.forEach((window) => window.postMessage({ t: 'pushed', kind: payload.t }))
  // Whoever has Weft in front of them sees it there.
  if (payload.t === 'message' && windows.some((window) => window.focused && inOrg(window.url, payload.org)))
    return
  const shown = merge(payload, before[0]?.data as Shown | undefined)
  if (shown) await registration.showNotification(payload.title ?? 'Weft', options(shown))
}

function inOrg(url: string, org: string | undefined): boolean {
  return org !== undefined && new URL(url).pathname.startsWith(`/o/${org}`)
}

function options(shown: Shown): Options {
  const { payload } = shown
  const says = words(payload)
  const of: Options = {
    body: text(shown),
    tag: payload.tag,
    icon: ICON,
    badge: BADGE,
    data: shown,
    renotify: true,
    requireInteraction: payload.insist === true,
    ...(payload.lang ? { lang: payload.lang } : {}),
    ...(payload.at ? { timestamp: payload.at / 1000 } : {}),
  }
  if (payload.t === 'message')
    of.actions = [
      { action: 'reply', title: says.reply, type: 'text', placeholder: says.write },
      { action: 'read', title: says.read },
    ]
  return of
}

async function setBadge({ navigator }: WorkerScope, count: number | undefined): Promise<void> {
  if (count === undefined) return
  await (count > 0 ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.())?.catch(() => undefined)
}

/** A page shows notifications of its own, and says less of them. */
interface ShownByPage {
  url?: string
  reply?: { org: string; conversation: string; thread: string | null }
}

function about({ data, tag, lang }: Notification): Payload {
  const { payload, url, reply } = (data ?? {}) as Partial<Shown> & ShownByPage
  if (payload) return payload
  return {
    v: 1,
    t: 'message',
    tag,
    lang,
    ...(url ? { url } : {}),
    ...(reply ? { org: reply.org, conv: reply.conversation } : {}),
    ...(reply?.thread ? { thread: reply.thread } : {}),
  }
}

/** Brings a page of Weft to the front at what was notified, or opens one. */
export async function click(scope: WorkerScope, notification: Notification): Promise<void> {
  await open(scope, about(notification).url ?? '/')
}

async function open(scope: WorkerScope, url: string): Promise<void> {
  const windows = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const org = /^\/o\/[^/]+/.exec(url)?.[0] ?? '/'
  const rank = (at: string, focused: boolean) =>
    (new URL(at).pathname.startsWith(org) ? 2 : 0) + (focused ? 1 : 0)
  const [best] = windows.toSorted((a, b) => rank(b.url, b.focused) - rank(a.url, a.focused))
  if (!best) return void (await scope.clients.openWindow(url))
  // Told first: a browser may refuse the focus, and the page is there all the same.
  best.postMessage({ t: 'open', url })
  await best.focus().catch(() => undefined)
}

/** A button of a notification. */
export async function answer(
  scope: WorkerScope,
  notification: Notification,
  action: string,
  reply: string,
): Promise<void> {
  const payload = about(notification)
  if (action === 'read') return markRead(payload)
  // Where the system has no field to write in, the button opens the conversation.
  if (!reply.trim()) return open(scope, payload.url ?? '/')
  const sent = await send(payload, reply.trim())
  if (sent) return markRead(payload)
  const says = words(payload)
  const failed: Shown = { payload: { ...payload, t: 'alert' }, lines: [], count: 1 }
  await scope.registration.showNotification(says.unsent, {
    body: `${says.open}\n${reply}`,
    tag: `${payload.tag}.unsent`,
    icon: ICON,
    data: failed,
  })
}

async function send(payload: Payload, reply: string): Promise<boolean> {
  const body = {
    // One for all attempts: whichever arrives first is the message.
    nonce: `push-${crypto.randomUUID()}`,
    text: reply,
    ...(payload.thread ? { thread: payload.thread } : {}),
  }
  return request(payload, 'POST', `/conversations/${payload.conv}/messages`, body)
}

async function markRead(payload: Payload): Promise<void> {
  if (payload.seq === undefined) return
  if (payload.thread)
    await request(payload, 'PUT', `/messages/${payload.thread}/thread/read`, { seq: payload.seq })
  else await request(payload, 'PUT', `/conversations/${payload.conv}/read`, { seq: payload.seq })
}

/** How long is waited before each attempt. */
const PAUSES_MS = [0, 1_500, 5_000]

async function request(payload: Payload, method: string, path: string, body: unknown): Promise<boolean> {
  const headers = { 'Content-Type': 'application/json', 'Weft-Org': payload.org ?? '' }
  for (const pause of PAUSES_MS) {
    await new Promise((resolve) => setTimeout(resolve, pause))
    try {
      const init = { method, headers, body: JSON.stringify(body), credentials: 'same-origin' } as const
      const response = await fetch(`/api/v1${path}`, init)
      if (response.ok) return true
      if (response.status < 500 && response.status !== 429) return false
    } catch {
      // No network yet.
    }
  }
  return false
}

/** The browser has another subscription for us, or none any more: then a new one is asked for. */
export async function renew(
  scope: WorkerScope,
  old: PushSubscription | null,
  fresh: PushSubscription | null,
): Promise<void> {
  let subscription = fresh
  if (!subscription) {
    const key = old?.options.applicationServerKey ?? (await serverKey())
    if (!key) return
    subscription = await scope.registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: key,
    })
  }
  const { endpoint, keys } = subscription.toJSON()
  const name = describeAgent(scope.navigator.userAgent).name
  await fetch('/api/v1/push/devices', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ kind: 'web', endpoint, keys, name }),
  })
}

async function serverKey(): Promise<string | null> {
  const response = await fetch('/api/v1/push/key')
  return response.ok ? ((await response.json()) as { key: string }).key : null
}
