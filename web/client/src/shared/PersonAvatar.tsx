import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Avatar, Tag, type AvatarProps } from '@weft/ui'
import type { Principal } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { usePerson } from './hooks'

type Size = AvatarProps['size']

/** A person's face by id. */
export function PersonAvatar({
  id,
  size,
  className,
}: {
  id: string
  size?: Size
  className?: string | undefined
}) {
  const weft = useWeft()
  const person = usePerson(id)
  const src = person?.avatar ? weft.api.avatarUrl(person.avatar) : null
  return <Avatar id={id} name={person?.name ?? ''} src={src} className={className} {...(size && { size })} />
}

/** A face with the presence dot; the person is watched while it is on screen. */
export function PresentAvatar({ id, size }: { id: string; size?: Size }) {
  const weft = useWeft()
  const person = usePerson(id)
  const online = useObservable(weft.presence(id))
  useEffect(() => weft.watch([id]), [weft, id])
  const src = person?.avatar ? weft.api.avatarUrl(person.avatar) : null
  const human = person && (person.kind === 'member' || person.kind === 'guest') && person.state === 'active'
  return (
    <Avatar
      id={id}
      name={person?.name ?? ''}
      src={src}
      {...(size && { size })}
      online={human ? online : undefined}
    />
  )
}

/** The small worded mark of who is not an ordinary member. */
export function PersonTag({ person }: { person: Pick<Principal, 'kind' | 'state'> }) {
  const { t } = useTranslation()
  if (person.state === 'deactivated') return <Tag>{t('tag.deactivated')}</Tag>
  if (person.kind === 'bot' || person.kind === 'app')
    return <Tag tone="accent">{t(`tag.${person.kind}`)}</Tag>
  if (person.kind === 'guest') return <Tag tone="warning">{t('tag.guest')}</Tag>
  if (person.state === 'placeholder') return <Tag>{t('tag.placeholder')}</Tag>
  return null
}
