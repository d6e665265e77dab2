import { daysAgo, formatDate, formatTime, type TimeStyle } from '../../lib/time'

const capital = (s: string) => s.charAt(0).toLocaleUpperCase() + s.slice(1)

/** A moment to come, or one that has just passed: `15:00`, `Tomorrow 09:00`, `Monday 09:00`, a date. */
export function formatMoment(at: number, now: number, style: TimeStyle): string {
  const days = -daysAgo(at, now, style)
  const time = formatTime(at, style)
  if (days === 0) return time
  if (days === 1 || days === -1) {
    const word = new Intl.RelativeTimeFormat(style.locale, { numeric: 'auto' }).format(days, 'day')
    return `${capital(word)} ${time}`
  }
  if (days > 1 && days < 7) {
    const options = { weekday: 'long', timeZone: style.zone } as const
    return `${new Intl.DateTimeFormat(style.locale, options).format(new Date(at / 1000))} ${time}`
  }
  return `${formatDate(at, style)} ${time}`
}
