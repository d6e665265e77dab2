/** How the reader reads dates: language tag and IANA zone (absent: the browser's). */
export interface TimeStyle {
  locale: string
  zone?: string | undefined
}

const formats = new Map<string, Intl.DateTimeFormat>()

function format(style: TimeStyle, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${style.locale}|${style.zone ?? ''}|${name}`
  let f = formats.get(key)
  if (!f) {
    f = makeFormat(style, options)
    formats.set(key, f)
  }
  return f
}

function makeFormat(style: TimeStyle, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(style.locale, { ...options, timeZone: style.zone })
  } catch {
    // A zone or language this browser does not know must not break a list of messages.
    return new Intl.DateTimeFormat('en', options)
  }
}

const date = (micros: number) => new Date(micros / 1000)

/** `10:32`. */
export function formatTime(at: number, style: TimeStyle): string {
  return format(style, 'time', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(date(at))
}

/** Date, time to the second and zone, for tooltips. */
export function formatFull(at: number, style: TimeStyle): string {
  return format(style, 'full', {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  }).format(date(at))
}

/** The calendar day in the reader's zone, `2026-11-21`: equal for two times of one day. */
export function dayKey(at: number, style: TimeStyle): string {
  return format({ locale: 'en-CA', zone: style.zone }, 'key', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(date(at))
}

/** Days between two times by the calendar of the reader: 0 today, 1 yesterday. */
export function daysAgo(at: number, now: number, style: TimeStyle): number {
  return Math.round((Date.parse(dayKey(now, style)) - Date.parse(dayKey(at, style))) / 86_400_000)
}

function relativeDay(days: number, style: TimeStyle): string {
  return capital(new Intl.RelativeTimeFormat(style.locale, { numeric: 'auto' }).format(-days, 'day'))
}

const capital = (s: string) => s.charAt(0).toLocaleUpperCase() + s.slice(1)

/** The heading of a day: Today, Yesterday, a weekday this week, else a date. */
export function formatDay(at: number, now: number, style: TimeStyle): string {
  const days = daysAgo(at, now, style)
  if (days === 0 || days === 1) return relativeDay(days, style)
  const near = dayKey(at, style).slice(0, 4) === dayKey(now, style).slice(0, 4)
  if (near) return format(style, 'day', { month: 'long', day: 'numeric', weekday: 'long' }).format(date(at))
  return formatDate(at, style)
}

/** A calendar date with its year, `3 November 2026`. */
export function formatDate(at: number, style: TimeStyle): string {
  return format(style, 'date', { year: 'numeric', month: 'long', day: 'numeric' }).format(date(at))
}

/** `10:32`, `Yesterday`, `3 Nov`, `2025/11/3`: for the narrow end of a row. */
export function formatBrief(at: number, now: number, style: TimeStyle): string {
  const days = daysAgo(at, now, style)
  if (days === 0) return formatTime(at, style)
  if (days === 1) return relativeDay(1, style)
  const near = dayKey(at, style).slice(0, 4) === dayKey(now, style).slice(0, 4)
  return near
    ? format(style, 'short', { month: 'short', day: 'numeric' }).format(date(at))
    : format(style, 'digits', { year: 'numeric', month: 'numeric', day: 'numeric' }).format(date(at))
}

/** `10:32`, `Yesterday 10:32`, `3 Nov`: as short as it stays clear. */
export function formatWhen(at: number, now: number, style: TimeStyle): string {
  const days = daysAgo(at, now, style)
  if (days === 0) return formatTime(at, style)
  if (days === 1) return `${relativeDay(1, style)} ${formatTime(at, style)}`
  const near = dayKey(at, style).slice(0, 4) === dayKey(now, style).slice(0, 4)
  return format(
    style,
    near ? 'short' : 'shortYear',
    near ? { month: 'short', day: 'numeric' } : { year: 'numeric', month: 'short', day: 'numeric' },
  ).format(date(at))
}
