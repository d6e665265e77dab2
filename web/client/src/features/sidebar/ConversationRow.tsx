import { memo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { BellOff, CircleAlert, Hash, Lock, Pencil, Users } from 'lucide-react'
import { Link } from 'wouter'
import { cx, UnreadBadge } from '@weft/ui'
import type { ConversationView } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { paths } from '../../shared/paths'
import { useLongPress } from '../../shared/press'
import { PersonAvatar, PresentAvatar } from '../../shared/PersonAvatar'
import { asksAttention } from './model'
import s from './sidebar.module.css'

interface Props {
  view: ConversationView
  active: boolean
  dropBefore: boolean
  onOpen: (conversation: string) => void
  onMenu: (at: { x: number; y: number } | Element) => void
  source: React.HTMLAttributes<HTMLElement> & { draggable: boolean }
}

/** One conversation: face or kind, name, and what asks for attention. */
export const ConversationRow = memo(function ConversationRow({
  view,
  active,
  dropBefore,
  onOpen,
  onMenu,
  source,
}: Props) {
  const { t } = useTranslation('sidebar')
  const weft = useWeft()
  const row = useRef<HTMLAnchorElement>(null)
  const muted = view.me?.muted ?? false
  const press = useLongPress(() => row.current && onMenu(row.current))
  const loud = asksAttention(view)
  return (
    <Link
      ref={row}
      href={paths.conversation(weft.org, view.id)}
      aria-current={active ? 'page' : undefined}
      className={cx(s.row, active && s.active, loud && s.unread, muted && s.muted, dropBefore && s.drop)}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return
        event.preventDefault()
        onOpen(view.id)
      }}
      onContextMenu={(event) => {
        event.preventDefault()
        onMenu(event.detail === 0 && row.current ? row.current : { x: event.clientX, y: event.clientY })
      }}
      {...press}
      {...source}
    >
      <span className={s.kind}>
        <Kind view={view} />
      </span>
      <span className={s.title}>
        {view.title}
        {view.kind === 'direct' && view.peers.length === 0 && (
          <span className={s.self}> ({t('common:you')})</span>
        )}
      </span>
      {muted && <BellOff size={13} className={s.mark} aria-label={t('muted')} />}
      {view.failed ? (
        <CircleAlert size={14} className={s.failed} aria-label={t('failed')} />
      ) : (
        view.draft && !active && <Pencil size={13} className={s.mark} aria-label={t('draft')} />
      )}
      <Count view={view} />
    </Link>
  )
})

function Count({ view }: { view: ConversationView }) {
  const { t } = useTranslation('sidebar')
  if (view.mentions > 0) {
    return (
      <UnreadBadge mention count={view.mentions} label={t('common:mentionCount', { count: view.mentions })} />
    )
  }
  if (view.unread > 0) {
    return <UnreadBadge count={view.unread} label={t('common:unreadCount', { count: view.unread })} />
  }
  return view.unreadFrom === null ? null : <span className={s.dot} role="img" aria-label={t('unread')} />
}

function Kind({ view }: { view: ConversationView }) {
  const weft = useWeft()
  const peer = view.peers[0]
  if (view.kind === 'direct') return <PresentAvatar id={peer ?? weft.me} size={20} />
  if (view.kind === 'group') {
    if (!peer) return <Users size={16} aria-hidden />
    return (
      <span className={s.stack}>
        <PersonAvatar id={peer} size={14} />
        <PersonAvatar id={view.peers[1] ?? weft.me} size={14} className={s.second} />
      </span>
    )
  }
  return view.kind === 'private_channel' ? <Lock size={15} aria-hidden /> : <Hash size={16} aria-hidden />
}
