import { locale } from '../../i18n'

/** The time of day in an IANA zone; null for a zone this browser does not know. */
export function localTime(zone: string, now: number): string | null {
  try {
    return new Intl.DateTimeFormat(locale(), {
      timeZone: zone,
      hour: '2-digit',
      minute: '2-digit',
      weekday: 'short',
      hourCycle: 'h23',
    }).format(now)
  } catch {
    return null
  }
}
