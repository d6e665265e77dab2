/** What the worker uses of its surroundings; the page's types know nothing of it. */
interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request
  respondWith(answer: Promise<Response> | Response): void
}
interface PushEvent extends ExtendableEvent {
  readonly data: { json(): unknown } | null
}
interface NotificationEvent extends ExtendableEvent {
  readonly notification: Notification
  readonly action: string
  /** What was typed, where the system lets people answer in the notification. */
  readonly reply?: string | null
}
interface SubscriptionChangeEvent extends ExtendableEvent {
  readonly newSubscription: PushSubscription | null
  readonly oldSubscription: PushSubscription | null
}
interface WorkerMessageEvent extends ExtendableEvent {
  readonly data: unknown
  readonly ports: readonly MessagePort[]
}
interface WindowClient {
  readonly url: string
  readonly focused: boolean
  readonly visibilityState: DocumentVisibilityState
  focus(): Promise<WindowClient>
  postMessage(message: unknown): void
}
interface Clients {
  claim(): Promise<void>
  matchAll(options: { type: 'window'; includeUncontrolled?: boolean }): Promise<readonly WindowClient[]>
  openWindow(url: string): Promise<WindowClient | null>
}
interface ShellEvents {
  install: ExtendableEvent
  activate: ExtendableEvent
  fetch: FetchEvent
  push: PushEvent
  notificationclick: NotificationEvent
  pushsubscriptionchange: SubscriptionChangeEvent
  message: WorkerMessageEvent
}
export interface WorkerScope {
  readonly clients: Clients
  readonly registration: ServiceWorkerRegistration
  readonly location: Location
  readonly navigator: Navigator & {
    setAppBadge?(count?: number): Promise<void>
    clearAppBadge?(): Promise<void>
  }
  addEventListener<K extends keyof ShellEvents>(kind: K, fn: (event: ShellEvents[K]) => void): void
  skipWaiting(): Promise<void>
}
