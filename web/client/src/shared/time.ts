import i18next from 'i18next'
import { locale } from '../i18n'

const formats = new Map<string, Intl.DateTimeFormat>()

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale() + JSON.stringify(options)
  let made = formats.get(key)
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat(locale(), options)))
  return made
}

const date = (micros: number) => new Date(micros / 1000)
const dayOf = (d: Date) => new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime()

/** 10:32 */
export function clock(micros: number): string {
  return format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(date(micros))
}

/** 11月3日, 3 Nov; with the year when it is not this one. */
export function day(micros: number): string {
  const d = date(micros)
  const sameYear = d.getFullYear() === new Date().getFullYear()
  return format({ month: 'short', day: 'numeric', ...(sameYear ? {} : { year: 'numeric' }) }).format(d)
}

/** 10:32 today, 昨天 10:32, else the day; for lists. */
export function when(micros: number, now = Date.now()): string {
  const days = Math.round((dayOf(new Date(now)) - dayOf(date(micros))) / 86_400_000)
  if (days === 0) return clock(micros)
  if (days === 1) return `${i18next.t('common:yesterday')} ${clock(micros)}`
  return day(micros)
}

/** Everything, with the zone; for hovering. */
export function full(micros: number): string {
  return format({ dateStyle: 'full', timeStyle: 'long' }).format(date(micros))
}
