import { localOf, wallAt, weekdayOf, zoneOf, type When } from './when'

const NINE = 9 * 60
const MINUTE = 60_000_000

/** Moments that are offered at hand. */
export type Preset = 'in20' | 'inHour' | 'tomorrow' | 'monday' | 'nextWeek'

/** The moment of a preset for a reader in `zone`, at `now` microseconds. */
export function presetAt(preset: Preset, now: number, zone: string | undefined): When {
  const here = zoneOf(zone)
  const { day } = wallAt(now, here)
  // Monday is the coming one, never today.
  const monday = day + 7 - weekdayOf(day)
  switch (preset) {
    case 'in20':
      return { at: now + 20 * MINUTE }
    case 'inHour':
      return { at: now + 60 * MINUTE }
    case 'tomorrow':
      return { local: localOf({ day: day + 1, minute: NINE }), zone: here }
    case 'monday':
    case 'nextWeek':
      return { local: localOf({ day: monday, minute: NINE }), zone: here }
  }
}
