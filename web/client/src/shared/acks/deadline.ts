import { daysAgo, formatTime, formatWhen, type TimeStyle } from '../../lib/time'

/** When something is due: a time, with the day unless it is today. */
export function formatDeadline(at: number, now: number, style: TimeStyle): string {
  const time = formatTime(at, style)
  return daysAgo(at, now, style) === 0 ? time : `${formatWhen(at, now, style)} ${time}`
}
