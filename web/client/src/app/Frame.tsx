import { lazy, Suspense, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useRoute, useSearch } from 'wouter'
import { cx, SkeletonRows } from '@weft/ui'
import { useObservable, useWeft } from '@weft/sdk/react'
import { Sidebar } from '../features/sidebar'
import { useMe, useMedia, usePhone } from '../shared/hooks'
import { useIntent } from '../shared/intents'
import { paths } from '../shared/paths'
import { ConnectionLine } from './ConnectionLine'
import { Dialogs } from './Dialogs'
import { ErrorBoundary } from './ErrorBoundary'
import { useGlobalKeys } from './keys'
import { Pages } from './Pages'
import { OrgSwitcher } from './OrgSwitcher'
import { Rail } from './Rail'
import { Resizer, useListWidth } from './Resizer'
import { SelfMenu } from './SelfMenu'
import { TabBar } from './TabBar'
import { useTitle } from './title'
import { usePhoneApp } from './usePhoneApp'
import s from './frame.module.css'

const LaterLinks = lazy(() => import('../features/later/Links'))
const Notifying = lazy(() => import('../features/notifying'))
const Reminders = lazy(() => import('../features/acks/Reminders'))
const UrgentBar = lazy(() => import('../features/urgent/UrgentBar'))

/** Which module an address belongs to. */
export type Module = 'chat' | 'search' | 'people' | 'files' | 'admin' | 'settings'

const MODULES: readonly Module[] = ['search', 'people', 'files', 'admin', 'settings']

export function moduleOf(path: string): Module {
  const part = path.split('/')[3]
  return MODULES.find((module) => module === part) ?? 'chat'
}

/** The frame of an org: rail, list, content; on a phone one of them at a time over a tab bar. */
export function Frame() {
  const { t } = useTranslation('app')
  const weft = useWeft()
  const told = useObservable(weft.acks.told)
  const { urgent } = useObservable(weft.acks.waiting)
  const [path, go] = useLocation()
  const phone = usePhone()
  const narrow = useMedia('(max-width: 1023px)')
  const [width, setWidth] = useListWidth()
  const [listOpen, setListOpen] = useState(false)
  const [, match] = useRoute('/o/:org/c/:conversation/*?')
  const active = match?.conversation ?? null
  const module = moduleOf(path)
  const home = path === paths.home(weft.org)
  const me = useMe()
  const admin = me.role === 'owner' || me.role === 'admin'
  useTitle(active)
  useGlobalKeys()
  useIntent('toggle-list', () => setListOpen((now) => !now))

  const frame = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLElement>(null)
  const peek = usePhoneApp(phone, frame, content, `${path}?${useSearch()}`)
  const showList = module === 'chat' && (phone ? home || peek : !narrow || home || listOpen)
  const showContent = !phone || !home
  const List = showContent && !peek ? 'section' : 'main'
  const open = (conversation: string) => {
    setListOpen(false)
    go(paths.conversation(weft.org, conversation))
  }
  const to = (target: string) => {
    setListOpen(false)
    go(target)
  }
  return (
    <div ref={frame} className={s.frame} style={{ '--list': `${width}px` } as React.CSSProperties}>
      {!phone && (
        <Rail
          module={module}
          admin={admin}
          onList={() => setListOpen(!listOpen)}
          collapsed={narrow && !home}
        />
      )}
      {showList && (
        <List className={cx(s.list, narrow && !phone && !home && s.floating)} aria-label={t('list')}>
          <Sidebar
            active={active}
            admin={admin}
            onOpen={open}
            onBrowse={() => to(paths.browse(weft.org))}
            onInvite={() => to(paths.admin(weft.org, 'invitations'))}
            onSettings={() => to(paths.settings(weft.org))}
            links={(classes) => (
              <Suspense fallback={null}>
                <LaterLinks classes={classes} />
              </Suspense>
            )}
            {...(phone && { before: <OrgSwitcher />, after: <SelfMenu /> })}
          />
          {!phone && <Resizer width={width} onChange={setWidth} />}
        </List>
      )}
      {listOpen && narrow && !phone && !home && (
        <div className={s.shade} onPointerDown={() => setListOpen(false)} />
      )}
      {showContent && (
        <main ref={content} className={s.content}>
          <ConnectionLine />
          <ErrorBoundary resetKey={path}>
            <Suspense fallback={<SkeletonRows rows={8} />}>
              <Pages admin={admin} />
            </Suspense>
          </ErrorBoundary>
        </main>
      )}
      {phone && !showContent && <ConnectionLine />}
      {phone && (!active || peek) && <TabBar module={module} admin={admin} />}
      <Dialogs />
      {urgent > 0 && (
        <Suspense fallback={null}>
          <UrgentBar />
        </Suspense>
      )}
      <Suspense fallback={null}>
        <Notifying active={active} />
      </Suspense>
      {told && (
        <Suspense fallback={null}>
          <Reminders told={told} />
        </Suspense>
      )}
    </div>
  )
}
