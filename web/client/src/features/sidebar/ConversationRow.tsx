import { lazy, memo, Suspense, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { AtSign, BellOff, CircleAlert, Hash, Lock, Megaphone, Pencil, Users } from 'lucide-react'
import { Link } from 'wouter'
import { cx, UnreadBadge } from '@weft/ui'
import type { ConversationView } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { formatBrief } from '../../lib/time'
import { paths } from '../../shared/paths'
import { useLongPress } from '../../shared/press'
import { useSwipe } from '../../shared/swipe'
import { PersonAvatar, PresentAvatar } from '../../shared/PersonAvatar'
import { useTimeStyle } from '../../shared/timeStyle'
import type { MenuAt } from './ConversationMenu'
import type { DragSource } from './drag'
import { asksAttention, isTall } from './model'
import s from './sidebar.module.css'

// Reading Markdown is the conversation's to bring along; the names in the list do not wait for it.
const PreviewLine = lazy(() => import('./PreviewLine'))
const Moon = lazy(() => import('../../shared/attention/Moon'))

interface Props {
  view: ConversationView
  /** Shows the newest message of conversations between people. */
  previews: boolean
  active: boolean
  dropBefore: boolean
  onOpen: (conversation: string) => void
  onMenu: (menu: MenuAt) => void
  source: DragSource
  /** A swipe to the left on a phone. */
  onDone: ((view: ConversationView) => void) | undefined
}

/**
 * One conversation: face or kind, name, and what asks for attention. All that it takes stays the same while
 * its conversation does: an event in one draws no other's row again.
 */
export const ConversationRow = memo(function ConversationRow({
  view,
  previews,
  active,
  dropBefore,
  onOpen,
  onMenu,
  source,
  onDone,
}: Props) {
  const { t } = useTranslation('sidebar')
  const weft = useWeft()
  const row = useRef<HTMLAnchorElement>(null)
  const muted = view.me?.muted ?? false
  const hold = useLongPress(() => row.current && onMenu({ view, at: row.current }))
  const press = useSwipe(row, hold, onDone && (() => onDone(view)))
  const loud = asksAttention(view)
  const tall = isTall(view, previews)
  const unknown = tall && view.last === undefined
  useEffect(() => {
    if (unknown) weft.preview(view.id)
  }, [weft, view.id, unknown])
  return (
    <Link
      ref={row}
      href={paths.conversation(weft.org, view.id)}
      aria-current={active ? 'page' : undefined}
      className={cx(
        s.row,
        active && s.active,
        loud && s.unread,
        muted && s.muted,
        dropBefore && s.drop,
        tall && s.tall,
      )}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return
        event.preventDefault()
        onOpen(view.id)
      }}
      onContextMenu={(event) => {
        event.preventDefault()
        // The long press has opened it.
        if ((event.nativeEvent as PointerEvent).pointerType === 'touch') return
        // A key opens it at the row, the mouse where it points.
        const byKey = event.detail === 0 ? row.current : null
        onMenu({ view, at: byKey ?? { x: event.clientX, y: event.clientY } })
      }}
      {...press}
      {...source(view)}
    >
      <span className={s.kind}>
        <Kind view={view} tall={tall} />
      </span>
      {tall ? (
        <span className={s.lines}>
          <span className={s.line}>
            <Title view={view} />
            <At micros={view.last?.at ?? view.last_at} />
          </span>
          <span className={s.line}>
            <span className={s.preview}>
              <Suspense fallback={null}>
                <PreviewLine view={view} active={active} />
              </Suspense>
            </span>
            <Loudness view={view} />
            <Count view={view} />
          </span>
        </span>
      ) : (
        <>
          <Title view={view} />
          <Loudness view={view} />
          {view.failed ? (
            <CircleAlert size={14} className={s.failed} aria-label={t('failed')} />
          ) : (
            view.draft && !active && <Pencil size={13} className={s.mark} aria-label={t('draft')} />
          )}
          <Count view={view} />
        </>
      )}
    </Link>
  )
})

/** The level that was chosen, where it is less than everything. */
function Loudness({ view }: { view: ConversationView }) {
  const { t } = useTranslation('sidebar')
  if (view.me.muted) return <BellOff size={13} className={s.mark} aria-label={t('muted')} />
  if (view.me.level !== 'mentions') return null
  return <AtSign size={12} className={s.mark} aria-label={t('mentionsOnly')} />
}

function Title({ view }: { view: ConversationView }) {
  const { t } = useTranslation()
  return (
    <span className={s.title}>
      {view.title}
      {view.kind === 'direct' && view.peers.length === 0 && <span className={s.self}> ({t('you')})</span>}
      {view.kind === 'direct' && view.people[0]?.dnd && (
        <Suspense fallback={null}>
          <Moon dnd={view.people[0].dnd} />
        </Suspense>
      )}
    </span>
  )
}

function At({ micros }: { micros: number }) {
  const style = useTimeStyle()
  return <time className={s.at}>{micros > 0 && formatBrief(micros, Date.now() * 1000, style)}</time>
}

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

function Kind({ view, tall }: { view: ConversationView; tall: boolean }) {
  const weft = useWeft()
  const peer = view.peers[0]
  if (view.kind === 'direct') return <PresentAvatar id={peer ?? weft.me} size={tall ? 36 : 20} />
  if (view.kind === 'group') {
    if (!peer) return <Users size={tall ? 20 : 16} aria-hidden />
    return (
      <span className={s.stack}>
        <PersonAvatar id={peer} size={tall ? 24 : 14} />
        <PersonAvatar id={view.peers[1] ?? weft.me} size={tall ? 24 : 14} className={s.second} />
      </span>
    )
  }
  if (view.kind === 'announcement') return <Megaphone size={15} aria-hidden />
  return view.kind === 'private_channel' ? <Lock size={15} aria-hidden /> : <Hash size={16} aria-hidden />
}
