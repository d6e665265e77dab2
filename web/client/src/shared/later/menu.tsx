import type { MenuItem } from '@weft/ui'

import type { TimeStyle } from '../../lib/time'
import type { Preset } from '../when/presets'
import type { When } from '../when/when'
import { offer } from './when'
import './words'

/** Lines of a menu that offer moments, and one that asks for another. */
export function momentItems(
  t: (key: string) => string,
  style: TimeStyle,
  presets: readonly Preset[],
  pick: (when: When) => void,
  other: () => void,
): MenuItem[] {
  return [
    ...presets.map((preset): MenuItem => {
      const { when, hint } = offer(preset, style)
      return { label: t(`preset.${preset}`), hint, onSelect: () => pick(when) }
    }),
    { label: t('preset.other'), onSelect: other },
  ]
}
