import type { Status } from '@weft/sdk'

/** A status while it holds; null once its time has passed. */
export function liveStatus(status: Status | null, now = Date.now()): Status | null {
  if (!status || (!status.text && !status.emoji && !status.away)) return null
  return status.until !== null && status.until <= now * 1000 ? null : status
}

/** How long a status lasts, by choice. */
export type Expiry = 'never' | '30m' | '1h' | '4h' | 'today' | 'week'
export const EXPIRIES: readonly Expiry[] = ['30m', '1h', '4h', 'today', 'week', 'never']

/** The end of a status in microseconds, by this device's clock and calendar; null for never. */
export function expiryAt(expiry: Expiry, now = new Date()): number | null {
  const minutes = { '30m': 30, '1h': 60, '4h': 240 } as const
  if (expiry === 'never') return null
  if (expiry === 'today' || expiry === 'week') {
    // Weeks end on Sunday night, as in China and most of Europe.
    const days = expiry === 'today' ? 1 : 8 - (now.getDay() || 7)
    return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days).getTime() * 1000
  }
  return (now.getTime() + minutes[expiry] * 60_000) * 1000
}
