import type { AckRequest } from '@weft/sdk'

const HOUR = 3_600_000_000
/** How long people have, in microseconds; 0: as long as they like. */
export const TIMES = {
  never: 0,
  inHour: HOUR,
  inFour: 4 * HOUR,
  inDay: 24 * HOUR,
  inWeek: 7 * 24 * HOUR,
} as const
export type Within = keyof typeof TIMES | 'custom'

/** What the writer wants asked; turned into a request when the message is sent. */
export interface AckWish {
  who: 'everybody' | 'mentioned' | 'chosen'
  /** Whom, when they are chosen. */
  people?: readonly string[]
  within: Within
  /** Until when, for a time of one's own: as the browser's field writes it, in local time. */
  until?: string
  urgent?: boolean
}

const MENTION = /<@(usr_[0-9a-z]+)>/g

function deadline(wish: AckWish, now: number): { deadline?: number; drop_late?: true } {
  if (wish.within === 'custom') {
    const at = Date.parse(wish.until ?? '') * 1000
    return Number.isNaN(at) ? {} : { deadline: at, drop_late: true }
  }
  const within = TIMES[wish.within]
  // It may wait for a network longer than people have.
  return within ? { deadline: now + within, drop_late: true } : {}
}

/** The request of a message with this text; none where it asks nobody. */
export function askedBy(wish: AckWish | null, text: string, now: number): AckRequest | undefined {
  if (!wish) return undefined
  const asked = { ...deadline(wish, now), ...(wish.urgent ? { urgent: true } : {}) }
  if (wish.who === 'everybody') return asked
  const named =
    wish.who === 'chosen'
      ? (wish.people ?? [])
      : Array.from(text.matchAll(MENTION), (hit) => hit[1] as string)
  const from = [...new Set(named)]
  return from.length ? { ...asked, from } : undefined
}

/** The earliest and the latest time that a deadline may have, for the browser's field. */
export function limits(now: Date): { min: string; max: string } {
  const field = (ms: number) =>
    new Date(now.getTime() + ms - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
  return { min: field(120_000), max: field(365 * 86_400_000) }
}
