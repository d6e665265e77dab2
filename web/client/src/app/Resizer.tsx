import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { cx } from '@weft/ui'
import { memory } from '../shared/memory'
import s from './frame.module.css'

const MIN = 260
const MAX = 320
const clamp = (width: number) => Math.max(MIN, Math.min(MAX, Math.round(width)))

/** The list's width in pixels, remembered on this device. */
export function useListWidth(): [number, (width: number) => void] {
  const [width, setWidth] = useState(() => clamp(Number(memory.get('list.width')) || 280))
  return [
    width,
    (next) => {
      const fitted = clamp(next)
      setWidth(fitted)
      memory.set('list.width', String(fitted))
    },
  ]
}

/** The edge of the list: drag it, or move it with ← and →. */
export function Resizer({ width, onChange }: { width: number; onChange: (width: number) => void }) {
  const { t } = useTranslation('app')
  const [from, setFrom] = useState<{ x: number; width: number } | null>(null)
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={t('resize')}
      aria-valuenow={width}
      aria-valuemin={MIN}
      aria-valuemax={MAX}
      tabIndex={0}
      className={cx(s.resizer, from && s.dragging)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        setFrom({ x: event.clientX, width })
      }}
      onPointerMove={(event) => from && onChange(from.width + event.clientX - from.x)}
      onPointerUp={() => setFrom(null)}
      onDoubleClick={() => onChange(280)}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') onChange(width - 10)
        if (event.key === 'ArrowRight') onChange(width + 10)
      }}
    />
  )
}
