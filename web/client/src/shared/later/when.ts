import { formatMoment } from '../when/format'
import { presetAt, type Preset } from '../when/presets'
import { instantOf, type When } from '../when/when'
import type { TimeStyle } from '../../lib/time'

/** Moments offered for sending, for being reminded, and for a conversation's return. */
export const SEND: readonly Preset[] = ['in20', 'tomorrow', 'monday']
export const REMIND: readonly Preset[] = ['in20', 'inHour', 'tomorrow', 'nextWeek']
export const SNOOZE: readonly Preset[] = ['inHour', 'tomorrow', 'nextWeek']

/** A preset at this moment, and when that is in words. */
export function offer(preset: Preset, style: TimeStyle): { when: When; hint: string } {
  const now = Date.now() * 1000
  const when = presetAt(preset, now, style.zone)
  return { when, hint: formatMoment(instantOf(when), now, style) }
}
