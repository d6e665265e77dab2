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
export type Within = keyof typeof TIMES

/** What the writer wants asked; turned into a request when the message is sent. */
export interface AckWish {
  who: 'everybody' | 'mentioned'
  within: Within
}

const MENTION = /<@(usr_[0-9a-z]+)>/g

/** The request of a message with this text; none where it asks nobody. */
export function askedBy(wish: AckWish | null, text: string, now: number): AckRequest | undefined {
  if (!wish) return undefined
  const within = TIMES[wish.within]
  const deadline = within ? { deadline: now + within } : {}
  if (wish.who === 'everybody') return deadline
  const from = [...new Set(Array.from(text.matchAll(MENTION), (hit) => hit[1] as string))]
  return from.length ? { ...deadline, from } : undefined
}
