import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx'
import { Tooltip } from './Tooltip'
import s from './Button.module.css'

export interface ButtonProps extends ComponentProps<'button'> {
  variant?: 'primary' | 'secondary' | 'ghost' | 'danger' | undefined
  size?: 's' | 'm' | 'l'
  icon?: ReactNode
  /** Work is under way: the button stays in place, says so to readers and takes no second press. */
  busy?: boolean | undefined
  /** As wide as its container. */
  wide?: boolean
}

/** A worded button. One `primary` per view. */
export function Button(props: ButtonProps) {
  const {
    variant = 'secondary',
    size = 'm',
    icon,
    busy,
    wide,
    className,
    children,
    disabled,
    ...rest
  } = props
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={cx(s.button, s[variant], s[size], wide && s.wide, className)}
    >
      {icon}
      <span>{children}</span>
    </button>
  )
}

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label'> {
  /** What it does; the accessible name and the tooltip. */
  label: string
  icon: ReactNode
  /** Keys shown in the tooltip, for example `Ctrl K`. */
  keys?: string
  size?: 's' | 'm' | 'l'
  active?: boolean | undefined
  side?: 'top' | 'bottom' | 'left' | 'right'
}

/** A button that is only an icon; always named, always with a tooltip. */
export function IconButton(props: IconButtonProps) {
  const { label, icon, keys, size = 'm', active, side, className, ...rest } = props
  return (
    <Tooltip label={label} keys={keys} side={side}>
      <button
        type="button"
        aria-label={label}
        {...rest}
        className={cx(s.icon, s[`icon-${size}`], active && s.active, className)}
      >
        {icon}
      </button>
    </Tooltip>
  )
}
