import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { BadgeCheck, ChevronDown, MessagesSquare, Search, SquarePen } from 'lucide-react'
import { Link, useRoute } from 'wouter'
import { cx, IconButton, Kbd, Menu, toast, UnreadBadge, type MenuItem } from '@weft/ui'
import { useObservable, useWeft } from '@weft/sdk/react'
import { emitIntent } from '../../shared/intents'
import { ALT, MOD } from '../../shared/keys'
import { paths } from '../../shared/paths'
import { usePreviews } from '../../shared/preferences'
import { toastProblem } from '../../shared/problem'
import type { SidebarActions } from './actions'
import { MAX_SECTIONS } from './model'
import type { SidebarProps } from './Sidebar'
import { CallLinks, SectionDialog } from './parts'
import s from './sidebar.module.css'

/** The org's name with its menu, a new message, and the way to everything else. */
export function SidebarHead(props: SidebarProps & { actions: SidebarActions }) {
  const { actions, admin, onBrowse, onInvite, onSettings, before, after } = props
  const { t } = useTranslation('sidebar')
  const weft = useWeft()
  const { org } = useObservable(weft.meView)
  const [naming, setNaming] = useState(false)
  const { sort, sections, unreadOnly } = actions.prefs
  const [previews, setPreviews] = usePreviews()
  const markAll = async () => {
    try {
      await weft.markAllRead()
      toast({ text: t('allRead') })
    } catch (error) {
      toastProblem(error)
    }
  }
  const items: (MenuItem | false)[] = [
    admin && { label: t('invite'), onSelect: onInvite },
    { label: t('settings'), keys: `${MOD} ,`, onSelect: onSettings },
    '-',
    { label: t('createChannel'), onSelect: () => void emitIntent('create-channel', {}) },
    { label: t('browse'), onSelect: onBrowse },
    { label: t('section.new'), disabled: sections.length >= MAX_SECTIONS, onSelect: () => setNaming(true) },
    '-',
    { label: t('sortActivity'), checked: sort === 'activity', onSelect: () => actions.setSort('activity') },
    { label: t('sortName'), checked: sort === 'name', onSelect: () => actions.setSort('name') },
    { label: t('unreadOnly'), checked: unreadOnly, onSelect: () => actions.setUnreadOnly(!unreadOnly) },
    '-',
    { label: t(previews ? 'hidePreviews' : 'showPreviews'), onSelect: () => setPreviews(!previews) },
    { label: t('markAllRead'), onSelect: () => void markAll() },
  ]
  return (
    <header className={s.head}>
      <div className={s.bar}>
        {before}
        <Menu label={org.name} items={items}>
          <button type="button" className={s.org}>
            <h1>{org.name}</h1>
            <ChevronDown size={16} aria-hidden />
          </button>
        </Menu>
        <IconButton
          label={t('newMessage')}
          keys={`${ALT} N`}
          icon={<SquarePen size={18} />}
          onClick={() => void emitIntent('new-message', {})}
        />
        {after}
      </div>
      <button type="button" className={s.jump} onClick={() => void emitIntent('switcher', {})}>
        <Search size={15} aria-hidden />
        <span>{t('jump')}</span>
        <Kbd keys={`${MOD} K`} />
      </button>
      <Suspense fallback={<div className={s.links} />}>
        <CallLinks />
      </Suspense>
      <ThreadsLink />
      <AcksLink />
      {props.links?.({ link: s.threads, here: s.here, news: s.news })}
      {naming && (
        <Suspense fallback={null}>
          <SectionDialog onClose={() => setNaming(false)} onSave={(name) => void actions.addSection(name)} />
        </Suspense>
      )}
    </header>
  )
}

/** The way to followed threads, with how many of them have something new. */
function ThreadsLink() {
  const { t } = useTranslation('sidebar')
  const weft = useWeft()
  const unread = useObservable(weft.threads.unread)
  const [here] = useRoute('/o/:org/threads')
  return (
    <Link
      href={paths.threads(weft.org)}
      className={cx(s.threads, here && s.here, unread > 0 && s.news)}
      aria-current={here ? 'page' : undefined}
    >
      <MessagesSquare size={16} aria-hidden />
      <span>{t('threads')}</span>
      <UnreadBadge count={unread} label={t('threadsUnread', { count: unread })} />
    </Link>
  )
}

/** The way to what waits for one's confirmation, as long as something does. */
function AcksLink() {
  const { t } = useTranslation('sidebar')
  const weft = useWeft()
  const { count } = useObservable(weft.acks.waiting)
  const [here] = useRoute('/o/:org/acks')
  if (!count && !here) return null
  return (
    <Link
      href={paths.acks(weft.org)}
      className={cx(s.threads, here && s.here, count > 0 && s.news)}
      aria-current={here ? 'page' : undefined}
    >
      <BadgeCheck size={16} aria-hidden />
      <span>{t('acks')}</span>
      <UnreadBadge count={count} label={t('acksWaiting', { count })} />
    </Link>
  )
}
