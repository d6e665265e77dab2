import { useEffect, useState, type CSSProperties, type ReactNode } from 'react'
import { cx } from './cx'
import s from './Small.module.css'

/** Keys to press; parts are separated by spaces. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <kbd className={s.kbd}>
      {keys.split(' ').map((key, index) => (
        <span key={index}>{key}</span>
      ))}
    </kbd>
  )
}

/** A small worded mark: bot, guest, owner, placeholder. Text, never colour alone. */
export function Tag({
  children,
  tone = 'neutral',
}: {
  children: ReactNode
  tone?: 'neutral' | 'accent' | 'warning' | 'danger' | 'success'
}) {
  return <span className={cx(s.tag, s[`tag-${tone}`])}>{children}</span>
}

/** A count: of unread messages (quiet) or of mentions (accent). Beyond 99 it says 99+. Zero shows nothing. */
export function UnreadBadge({ count, mention, label }: { count: number; mention?: boolean; label?: string }) {
  if (count <= 0) return null
  return (
    <span className={cx(s.badge, mention && s.mention)} data-tabular>
      <span aria-hidden={label ? true : undefined}>{count > 99 ? '99+' : count}</span>
      {label && <span className="visually-hidden">{label}</span>}
    </span>
  )
}

/** What an empty place is for, and the one next step. */
export function EmptyState(props: {
  icon?: ReactNode
  title: string
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className={s.empty}>
      {props.icon && <div className={s['empty-icon']}>{props.icon}</div>}
      <h2>{props.title}</h2>
      {props.children && <p>{props.children}</p>}
      {props.action && <div className={s['empty-action']}>{props.action}</div>}
    </div>
  )
}

/** True once `ms` have passed since mounting: what is quick shows no skeleton. */
export function useAfter(ms = 150): boolean {
  const [passed, setPassed] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setPassed(true), ms)
    return () => clearTimeout(timer)
  }, [ms])
  return passed
}

/** One grey bar or disc in the shape of what will stand there; invisible for the first 150 ms. */
export function Skeleton({
  width,
  height = 14,
  round,
  style,
}: {
  width?: number | string
  height?: number
  round?: boolean
  style?: CSSProperties
}) {
  const shown = useAfter()
  return (
    <span
      aria-hidden="true"
      className={cx(s.skeleton, round && s.round, !shown && s.unseen)}
      style={{ width: width ?? '100%', height, ...style }}
    />
  )
}

/** Rows of face and two lines, the shape of most lists. */
export function SkeletonRows({ rows = 6, face = true }: { rows?: number; face?: boolean }) {
  return (
    <div className={s.rows} aria-busy="true">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={s['row-of-bones']}>
          {face && <Skeleton width={36} height={36} />}
          <div>
            <Skeleton width={`${34 + ((row * 17) % 30)}%`} />
            <Skeleton width={`${55 + ((row * 23) % 35)}%`} height={12} />
          </div>
        </div>
      ))}
    </div>
  )
}

/** A notice inside the page: plain words, what to do, a code to quote. */
export function Banner(props: {
  tone?: 'info' | 'warning' | 'danger' | 'success'
  title?: string | undefined
  children?: ReactNode
  action?: ReactNode
  code?: string | undefined
}) {
  const { tone = 'info', title, children, action, code } = props
  return (
    <div className={cx(s.banner, s[`banner-${tone}`])} role={tone === 'danger' ? 'alert' : 'status'}>
      <div className={s['banner-text']}>
        {title && <strong>{title}</strong>}
        {children && <div>{children}</div>}
        {code && <code>{code}</code>}
      </div>
      {action}
    </div>
  )
}
