import type { Dnd, DndSpan } from '../types'

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const clocks = new Map<string, Intl.DateTimeFormat | null>()

/** Whether `dnd` holds at `now` (milliseconds). A zone that is not known here disturbs. */
export function isQuiet(dnd: Dnd | null | undefined, now = Date.now()): boolean {
  if (!dnd) return false
  if (dnd.until != null && dnd.until > now * 1000) return true
  const local = dnd.schedule && localTime(dnd.schedule.timezone, now)
  return !!local && dnd.schedule!.spans.some((span) => holds(span, local.day, local.minute))
}

function holds({ days, from, to }: DndSpan, day: number, minute: number): boolean {
  if (from < to) return days.includes(day) && minute >= from && minute < to
  const before = day === 1 ? 7 : day - 1
  return (days.includes(day) && minute >= from) || (days.includes(before) && minute < to)
}

/** The day of the week (1 is Monday) and the minute of the day in a time zone. */
function localTime(zone: string, now: number): { day: number; minute: number } | null {
  let clock = clocks.get(zone)
  if (clock === undefined) clocks.set(zone, (clock = clockOf(zone)))
  if (!clock) return null
  const parts = Object.fromEntries(clock.formatToParts(now).map((part) => [part.type, part.value]))
  const day = DAYS.indexOf(parts['weekday'] ?? '') + 1
  return { day, minute: Number(parts['hour']) * 60 + Number(parts['minute']) }
}

function clockOf(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
  } catch {
    return null
  }
}

/** How long, in milliseconds, until `dnd` may hold or not hold where it does not or does now. */
export function nextLook(dnd: Dnd | null | undefined, now = Date.now()): number {
  const minute = 60_000 - (now % 60_000)
  const until = dnd?.until != null ? dnd.until / 1000 - now : Infinity
  return Math.max(50, Math.min(minute, until > 0 ? until : Infinity))
}
