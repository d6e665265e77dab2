/** A moment as it is asked for: an instant in microseconds, or a wall clock's in an IANA zone. */
export type When = { at: number } | { local: string; zone: string }

/** A wall clock in a zone. `day` counts days since 1970, `minute` minutes since midnight. */
export interface Wall {
  day: number
  minute: number
}

const DAY_MS = 86_400_000
const two = (n: number) => String(n).padStart(2, '0')

/** The zone that wall clocks are read in. */
export const zoneOf = (zone: string | undefined): string =>
  zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'UTC'

/** What a wall clock in `zone` shows at an instant (microseconds). */
export function wallAt(at: number, zone: string): Wall {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(new Date(at / 1000))
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  const day = Date.UTC(of('year'), of('month') - 1, of('day')) / DAY_MS
  return { day, minute: of('hour') * 60 + of('minute') }
}

/** `2026-12-01T09:00`. */
export function localOf({ day, minute }: Wall): string {
  const date = new Date(day * DAY_MS)
  const year = String(date.getUTCFullYear()).padStart(4, '0')
  return `${year}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}T${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}

/** A calendar day; null where there is none, as on 30 February. */
export function dayOf(year: number, month: number, date: number): number | null {
  const at = new Date(Date.UTC(year, month - 1, date))
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === date ? at.getTime() / DAY_MS : null
}

/** 0 is Monday. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7

export const yearOf = (day: number): number => new Date(day * DAY_MS).getUTCFullYear()

/**
 * The instant of a wall clock, in microseconds. What the clock skips is moved on by what was skipped, of what it
 * shows twice the first is meant: as the server does it.
 */
export function instantOf(when: When): number {
  if ('at' in when) return when.at
  const wanted = Date.parse(`${when.local}Z`)
  const shift = (ms: number) => {
    const wall = wallAt(ms * 1000, when.zone)
    return wall.day * DAY_MS + wall.minute * 60_000 - ms
  }
  // The offsets well before and well after: between them lies at most one change.
  const before = shift(wanted - DAY_MS)
  const after = shift(wanted + DAY_MS)
  const early = wanted - before
  if (shift(early) === before) return early * 1000
  const late = wanted - after
  return (shift(late) === after ? late : early) * 1000
}
