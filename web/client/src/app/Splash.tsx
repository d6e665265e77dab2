import type { ReactNode } from 'react'
import { useAfter } from '@weft/ui'
import { Mark } from '../shared/Mark'
import s from './frame.module.css'

/** The mark in an otherwise quiet page, only when waiting takes a while. */
export function Splash({ children, late = true }: { children?: ReactNode; late?: boolean }) {
  const waited = useAfter(400)
  return <div className={s.splash}>{children ?? ((!late || waited) && <Mark size={40} />)}</div>
}
