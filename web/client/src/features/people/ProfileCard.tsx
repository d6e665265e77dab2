import './messages'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Clock, Mail, MessageCircle, UserPen } from 'lucide-react'
import { useLocation } from 'wouter'
import { Avatar, Button, Floating, PresenceDot, Skeleton, type FloatingProps } from '@weft/ui'
import type { Principal } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { usePerson } from '../../shared/hooks'
import { paths } from '../../shared/paths'
import Moon from '../../shared/attention/Moon'
import { PersonTag } from '../../shared/PersonAvatar'
import { liveStatus } from '../../shared/status'
import { full } from '../../shared/time'
import { localTime } from './localTime'
import { useOpenDirect } from './useOpenDirect'
import s from './people.module.css'

/** A person's card: who they are, whether they are here, what time it is where they are. */
export default function ProfileCard(props: {
  person: string
  anchor: FloatingProps['anchor']
  onClose: () => void
}) {
  const { t } = useTranslation('people')
  const person = usePerson(props.person)
  return (
    <Floating
      anchor={props.anchor}
      side="right"
      align="start"
      gap={8}
      className={s.card}
      role="dialog"
      label={person?.name ?? t('common:loading')}
      onClose={props.onClose}
    >
      {person ? (
        <Card person={person} onClose={props.onClose} />
      ) : (
        <div className={s.inner}>
          <Skeleton width={64} height={64} />
          <Skeleton width="50%" />
        </div>
      )}
    </Floating>
  )
}

function Card({ person, onClose }: { person: Principal; onClose: () => void }) {
  const { t } = useTranslation('people')
  const weft = useWeft()
  const [, go] = useLocation()
  const online = useObservable(weft.presence(person.id))
  const status = liveStatus(person.status)
  const direct = useOpenDirect()
  const own = person.id === weft.me
  useEffect(() => weft.watch([person.id]), [weft, person.id])
  const active = person.state === 'active' && (person.kind === 'member' || person.kind === 'guest')
  return (
    <div className={s.inner}>
      <Avatar
        id={person.id}
        name={person.name}
        src={person.avatar ? weft.api.avatarUrl(person.avatar) : null}
        size={64}
      />
      <div>
        <h2 className={s.heading}>
          {person.name} {person.dnd && <Moon dnd={person.dnd} />} <PersonTag person={person} />
        </h2>
        {person.title && <div className={s.quiet}>{person.title}</div>}
      </div>
      {status && (
        <div className={s.status} title={status.until ? full(status.until) : undefined}>
          <span aria-hidden>{status.emoji}</span> {status.text}
          {status.reply && <div className={s.quiet}>{status.reply}</div>}
        </div>
      )}
      <dl className={s.facts}>
        {active && (
          <div>
            <dt>
              <PresenceDot online={online} />
            </dt>
            <dd>{online ? t('common:online') : t('common:offline')}</dd>
          </div>
        )}
        {person.timezone && <LocalTime zone={person.timezone} />}
        {person.email && (
          <div>
            <dt>
              <Mail size={14} aria-label={t('email')} />
            </dt>
            <dd>
              <a href={`mailto:${person.email}`}>{person.email}</a>
            </dd>
          </div>
        )}
        {person.state === 'placeholder' && <div className={s.quiet}>{t('placeholder')}</div>}
      </dl>
      {own ? (
        <Button
          data-autofocus
          icon={<UserPen size={16} aria-hidden />}
          onClick={() => {
            onClose()
            go(paths.settings(weft.org, 'profile'))
          }}
        >
          {t('edit')}
        </Button>
      ) : (
        person.state !== 'deactivated' && (
          <Button
            variant="primary"
            icon={<MessageCircle size={16} aria-hidden />}
            busy={direct.busy}
            onClick={() => void direct.run(person.id).then(onClose)}
          >
            {t('write')}
          </Button>
        )
      )}
    </div>
  )
}

function LocalTime({ zone }: { zone: string }) {
  const { t } = useTranslation('people')
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 15_000)
    return () => clearInterval(timer)
  }, [])
  const time = localTime(zone, now)
  if (!time) return null
  return (
    <div>
      <dt>
        <Clock size={14} aria-hidden />
      </dt>
      <dd data-tabular>
        {t('localTime', { time })} <span className={s.quiet}>{zone.replaceAll('_', ' ')}</span>
      </dd>
    </div>
  )
}
