import type { Level } from '@weft/sdk'
import { useSyncExternalStore } from 'react'

import { memory } from '../memory'

/** What this browser is set to; kept on it, never synced. */
export interface DeviceSettings {
  desktop: boolean
  sound: boolean
  /** In place of the levels of conversations. */
  level: Level | null
}

const LEVELS: readonly string[] = ['all', 'mentions', 'nothing']
const listeners = new Set<() => void>()
let held: DeviceSettings | null = null

function read(): DeviceSettings {
  const level = memory.get('notify.level')
  return {
    desktop: memory.get('notify.desktop') !== 'off',
    sound: memory.get('notify.sound') !== 'off',
    level: level !== null && LEVELS.includes(level) ? (level as Level) : null,
  }
}

export function device(): DeviceSettings {
  return (held ??= read())
}

export function setDevice(change: Partial<DeviceSettings>): void {
  const next = { ...device(), ...change }
  memory.set('notify.desktop', next.desktop ? null : 'off')
  memory.set('notify.sound', next.sound ? null : 'off')
  memory.set('notify.level', next.level)
  held = next
  for (const listener of listeners) listener()
}

function subscribe(fn: () => void): () => void {
  // Another tab of this browser is the same device.
  const other = (event: StorageEvent) => {
    if (!event.key?.startsWith('weft.notify.')) return
    held = null
    fn()
  }
  listeners.add(fn)
  addEventListener('storage', other)
  return () => {
    listeners.delete(fn)
    removeEventListener('storage', other)
  }
}

export function useDevice(): DeviceSettings {
  return useSyncExternalStore(subscribe, device)
}

/** Whether the browser lets this site show notifications. */
export type Permission = 'granted' | 'denied' | 'default' | 'unsupported'

export function permission(): Permission {
  return typeof Notification === 'undefined' ? 'unsupported' : Notification.permission
}
