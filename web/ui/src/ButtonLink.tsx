import type { ComponentProps, ReactNode } from 'react'

import s from './Button.module.css'
import { cx } from './cx'

/** A link that looks like a button: for what the browser does by itself, such as a download. */
export function ButtonLink({ icon, children, ...rest }: ComponentProps<'a'> & { icon?: ReactNode }) {
  return (
    <a {...rest} className={cx(s.button, s.secondary, s.m)}>
      {icon}
      <span>{children}</span>
    </a>
  )
}
