import type { Api, Problem } from '@weft/sdk'
import { describeAgent } from '../agent'
import { memory } from '../memory'

/** A device that is told of what is new. */
export interface PushDevice {
  id: string
  name: string
  kind: 'web' | 'unifiedpush'
  service: string
  created_at: number
  used_at: number | null
  current: boolean
}

/**
 * Where this browser stands: it cannot; it can once Weft is on the home screen; the reader was never asked, or has
 * said no; notifications are on, or were turned off here.
 */
export type PushState = 'unsupported' | 'install' | 'ask' | 'denied' | 'on' | 'off'

/** That the reader wants them on this device; what the browser knows may be lost with its data. */
const WANTED = 'push'
/** When the server was last told of this device. */
const TOLD = 'push.told'
/** It is told again after this long, or after signing in. */
const TELL_AGAIN_MS = 12 * 3600 * 1000

const isApple = () =>
  /iPhone|iPad/.test(navigator.userAgent) ||
  (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1)
export const isInstalled = () =>
  matchMedia('(display-mode: standalone)').matches ||
  (navigator as { standalone?: boolean }).standalone === true

const registration = () => navigator.serviceWorker.ready
const subscription = async () => (await registration()).pushManager.getSubscription()

function possible(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis
}

/** See `PushState`. */
export async function pushState(): Promise<PushState> {
  if (!possible()) return isApple() && !isInstalled() ? 'install' : 'unsupported'
  if (Notification.permission === 'denied') return 'denied'
  if (Notification.permission !== 'granted') return 'ask'
  // Without a worker, as in development, nothing could be shown.
  if (!(await navigator.serviceWorker.getRegistration())) return 'unsupported'
  return memory.get(WANTED) && (await subscription()) ? 'on' : 'off'
}

/** Asks the browser for leave, which it grants only after a press, and tells the server. */
export async function turnOn(api: Api): Promise<PushState> {
  if ((await Notification.requestPermission()) !== 'granted') return pushState()
  await register(api)
  memory.set(WANTED, '1')
  return 'on'
}

/** Tells this device nothing any more. */
export async function turnOff(api: Api): Promise<void> {
  memory.set(WANTED, null)
  memory.set(TOLD, null)
  const mine = await subscription()
  if (!mine) return
  const { items } = await api.get<{ items: PushDevice[] }>('/push/devices')
  await mine.unsubscribe()
  for (const device of items.filter((each) => each.current && each.kind === 'web'))
    await api.delete(`/push/devices/${device.id}`).catch((problem: Problem) => {
      if (problem.status !== 404) throw problem
    })
}

async function register(api: Api): Promise<void> {
  const { key } = await api.get<{ key: string }>('/push/key')
  const { pushManager } = await registration()
  let mine = await pushManager.getSubscription()
  // One that was made for another key: the server's data were made anew.
  if (mine && encode(mine.options.applicationServerKey) !== key) {
    await mine.unsubscribe()
    mine = null
  }
  mine ??= await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
  const { endpoint, keys } = mine.toJSON()
  const name = describeAgent(navigator.userAgent).name
  await api.post('/push/devices', { kind: 'web', endpoint, keys, name })
  memory.set(TOLD, String(Date.now()))
}

function encode(key: ArrayBuffer | null): string {
  const binary = String.fromCharCode(...new Uint8Array(key ?? new ArrayBuffer(0)))
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Tells the server of this device again: the session is another one after signing in. */
export async function keepRegistered(api: Api, signedIn: boolean): Promise<void> {
  if (!possible() || !memory.get(WANTED) || Notification.permission !== 'granted') return
  const told = Number(memory.get(TOLD) ?? 0)
  if (!signedIn && Date.now() - told < TELL_AGAIN_MS) return
  await register(api)
}

/** The reader has left this browser: nothing of theirs may be shown here. */
export async function forgetPush(): Promise<void> {
  memory.set(WANTED, null)
  memory.set(TOLD, null)
  if (!('serviceWorker' in navigator)) return
  const worker = await navigator.serviceWorker.getRegistration()
  for (const notification of (await worker?.getNotifications()) ?? []) notification.close()
  await (navigator as { clearAppBadge?: () => Promise<void> }).clearAppBadge?.().catch(() => undefined)
  await (await worker?.pushManager?.getSubscription())?.unsubscribe()
}

/** Takes away what is shown of a conversation, and of its threads. */
export async function closeNotifications(about: (tag: string) => boolean): Promise<void> {
  const worker = await navigator.serviceWorker?.getRegistration()
  for (const notification of (await worker?.getNotifications()) ?? [])
    if (about(notification.tag)) notification.close()
}
