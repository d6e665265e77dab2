import { useState } from 'react'
import { cx } from './cx'
import { avatarColour, initials, orgInitials } from './names'
import s from './Avatar.module.css'

export interface AvatarProps {
  /** Decides the colour; the principal's or the org's id. */
  id: string
  name: string
  /** Address of the photo, if there is one. */
  src?: string | null | undefined
  /** Edge in CSS pixels. */
  size?: 14 | 16 | 20 | 24 | 28 | 32 | 36 | 40 | 48 | 64 | 96
  /** Shows the presence dot; `undefined` shows none at all. */
  online?: boolean | undefined
  /** Orgs are squarer than people. */
  shape?: 'person' | 'org'
  className?: string | undefined
}

/** A face: photo, else letters on a calm colour. Decorative; the name stands beside it or labels its button. */
export function Avatar({ id, name, src, size = 36, online, shape = 'person', className }: AvatarProps) {
  const [broken, setBroken] = useState<string | null>(null)
  const letters = shape === 'org' ? orgInitials(name) : initials(name)
  const shown = size < 24 ? [...letters].slice(-1).join('') : letters
  return (
    <span
      className={cx(s.avatar, shape === 'org' && s.org, className)}
      style={{ '--edge': `${size}px`, '--tint': `var(--avatar-${avatarColour(id)})` } as React.CSSProperties}
      aria-hidden="true"
    >
      {src && broken !== src ? (
        <img
          className={s.photo}
          src={src}
          alt=""
          loading="lazy"
          draggable={false}
          onError={() => setBroken(src)}
        />
      ) : (
        <span className={cx(s.letters, [...shown].length > 1 && s.two)}>{shown}</span>
      )}
      {online !== undefined && <PresenceDot online={online} className={cx(s.dot, size < 28 && s.small)} />}
    </span>
  )
}

/** Filled when here, hollow when not, so that colour alone does not tell. */
export function PresenceDot({ online, className }: { online: boolean; className?: string | undefined }) {
  return <span className={cx(s.presence, online && s.online, className)} aria-hidden="true" />
}
