import { useObservable, useWeft } from '@weft/sdk/react'
import { IconButton } from '@weft/ui'
import {
  ArrowLeft,
  Files,
  Hash,
  Info,
  Lock,
  type LucideIcon,
  Megaphone,
  Pin,
  Search,
  Users,
} from 'lucide-react'
import { Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'

import { useBack } from '../../shared/back'
import { usePhone } from '../../shared/hooks'
import { emitIntent } from '../../shared/intents'
import { PersonAvatar } from '../../shared/PersonAvatar'
import { paths } from '../../shared/paths'
import { liveStatus } from '../../shared/status'
import { searchIn } from '../../shared/searchIn'
import type { Shown } from './context'
import css from './conversation.module.css'
import { BellMenu, Moon } from './parts'
import type { PanelName, Place } from './usePlace'
import type { View } from './useView'
import { ViewMenu, ViewSwitch } from './ViewSwitch'

/** Title, topic and the ways to members, pins and details. */
export function Header(props: {
  conversation: Shown
  place: Place
  view: View
  onView: ((view: View) => void) | null
}) {
  const { conversation, place, view, onView } = props
  const { t } = useTranslation('conversation')
  const weft = useWeft()
  const back = useBack(paths.home(weft.org))
  const phone = usePhone()
  const [, go] = useLocation()
  const toggle = (panel: PanelName) => (place.panel === panel ? place.closePanel() : place.openPanel(panel))
  const direct = conversation.kind === 'direct'
  const count = t('memberCount', { count: conversation.member_count })
  const search = () => go(paths.search(weft.org, { q: `${searchIn(conversation)} ` }))
  const item = (label: string, Icon: LucideIcon, onSelect: () => void) => ({
    label,
    icon: <Icon size={16} aria-hidden />,
    onSelect,
  })
  // A phone has room for the title and what is needed most.
  const more = [
    item(t('searchHere'), Search, search),
    ...(direct ? [] : [item(count, Users, () => toggle('members'))]),
    item(t('pins'), Pin, () => toggle('pins')),
    item(t('files'), Files, () => toggle('files')),
  ]
  return (
    <header className={css.header}>
      {phone && <IconButton label={t('back')} icon={<ArrowLeft size={20} />} data-back onClick={back} />}
      <div className={css.titleBox}>
        <button
          type="button"
          className={css.title}
          onClick={(e) =>
            direct
              ? emitIntent('profile', { person: conversation.peers[0] ?? weft.me, anchor: e.currentTarget })
              : toggle('details')
          }
        >
          <Kind conversation={conversation} />
          <h1>{conversation.title || t('untitled')}</h1>
        </button>
        {direct ? (
          <Presence id={conversation.peers[0]} />
        ) : (
          <Topic conversation={conversation} onEdit={() => toggle('details')} />
        )}
      </div>

      {onView && !phone && <ViewSwitch view={view} onChoose={onView} />}
      {!direct && !phone && (
        <button
          type="button"
          className={css.members}
          aria-pressed={place.panel === 'members'}
          aria-label={count}
          onClick={() => toggle('members')}
        >
          <Users size={16} aria-hidden />
          <span data-tabular>{conversation.member_count.toLocaleString()}</span>
        </button>
      )}
      {conversation.me && (
        <Suspense fallback={<span className={css.bell} />}>
          <BellMenu conversation={conversation} />
        </Suspense>
      )}
      {!phone && (
        <>
          <IconButton label={t('searchHere')} icon={<Search size={18} />} onClick={search} />
          <IconButton
            label={t('pins')}
            icon={<Pin size={18} />}
            active={place.panel === 'pins'}
            onClick={() => toggle('pins')}
          />
          <IconButton
            label={t('files')}
            icon={<Files size={18} />}
            active={place.panel === 'files'}
            onClick={() => toggle('files')}
          />
        </>
      )}
      <IconButton
        label={t('details')}
        icon={<Info size={18} />}
        active={place.panel === 'details'}
        onClick={() => toggle('details')}
      />
      {phone && <ViewMenu view={view} onChoose={onView} more={more} />}
    </header>
  )
}

function Topic({ conversation, onEdit }: { conversation: Shown; onEdit: () => void }) {
  const { t } = useTranslation('conversation')
  const phone = usePhone()
  if (
    !conversation.topic &&
    (phone || !conversation.me || conversation.kind === 'group' || conversation.kind === 'announcement')
  )
    return null
  return (
    <button type="button" className={css.topic} title={conversation.topic || undefined} onClick={onEdit}>
      {conversation.topic || t('addTopic')}
    </button>
  )
}

const ICONS = { channel: Hash, private_channel: Lock, group: Users, announcement: Megaphone }

/** What a conversation is, as an icon or a face. */
export function Kind({ conversation, size = 24 }: { conversation: Shown; size?: 20 | 24 }) {
  if (conversation.kind === 'direct') return <DirectFace conversation={conversation} size={size} />
  const Icon = ICONS[conversation.kind]
  return <Icon size={18} aria-hidden className={css.kind} />
}

function DirectFace({ conversation, size }: { conversation: Shown; size: 20 | 24 }) {
  const weft = useWeft()
  return <PersonAvatar id={conversation.peers[0] ?? weft.me} size={size} />
}

function Presence({ id }: { id: string | undefined }) {
  const { t } = useTranslation('conversation')
  const weft = useWeft()
  const who = id ?? weft.me
  const online = useObservable(weft.presence(who))
  const person = useObservable(weft.person(who))
  useEffect(() => weft.watch([who]), [weft, who])
  if (!id) return <span className={css.presence}>{t('noteToSelf')}</span>
  const held = liveStatus(person?.status ?? null)
  const status = held ? `${held.emoji} ${held.text}`.trim() : ''
  return (
    <span className={css.presence}>
      {person?.dnd && (
        <Suspense fallback={null}>
          <Moon dnd={person.dnd} />
        </Suspense>
      )}
      {status || (online ? t('online') : person?.title || '')}
    </span>
  )
}
