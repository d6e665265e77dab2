import { MenuList } from '@weft/ui'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useTimeStyle } from '../timeStyle'
import type { Preset } from '../when/presets'
import type { When } from '../when/when'
import { momentItems } from './menu'
import WhenDialog from './WhenDialog'

interface Props {
  anchor: Element | { x: number; y: number }
  title: string
  action: string
  presets: readonly Preset[]
  side?: 'top' | 'bottom'
  align?: 'start' | 'end'
  onPick: (when: When) => void
  onClose: () => void
}

/** A menu of moments; the last of its lines asks for any other. */
export default function MomentMenu(props: Props) {
  const { t } = useTranslation('later')
  const style = useTimeStyle()
  const [asking, setAsking] = useState(false)
  const other = useRef(false)
  if (asking) {
    return (
      <WhenDialog title={props.title} action={props.action} onPick={props.onPick} onClose={props.onClose} />
    )
  }
  return (
    <MenuList
      anchor={props.anchor}
      label={props.title}
      side={props.side}
      align={props.align}
      items={momentItems(t, style, props.presets, props.onPick, () => {
        other.current = true
        setAsking(true)
      })}
      onClose={() => {
        // A menu closes before its line acts: only then is it known whether a dialog takes its place.
        queueMicrotask(() => other.current || props.onClose())
      }}
    />
  )
}
