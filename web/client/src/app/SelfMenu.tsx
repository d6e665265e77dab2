import { lazy, Suspense, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { BellOff, Keyboard, LogOut, Moon, Settings, Smile, User } from 'lucide-react'
import { useLocation } from 'wouter'
import { Avatar, Menu, Tooltip, type MenuItem } from '@weft/ui'
import type { Principal } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { useMe } from '../shared/hooks'
import { emitIntent } from '../shared/intents'
import { MOD } from '../shared/keys'
import { paths } from '../shared/paths'
import { toastProblem } from '../shared/problem'
import { session } from '../shared/session'
import { onThemeChange, setTheme, theme, type Theme } from '../shared/theme'
import { liveStatus } from '../shared/status'
import s from './frame.module.css'

const StatusDialog = lazy(() =>
  import('../shared/StatusDialog').then((part) => ({ default: part.StatusDialog })),
)
const DndDialog = lazy(() => import('../shared/attention/DndDialog'))
const SelfMoon = lazy(() => import('../shared/attention/Moon'))

/** Oneself at the foot of the rail: status, profile, settings, the way out. */
export function SelfMenu() {
  const { t } = useTranslation('app')
  const weft = useWeft()
  const [, go] = useLocation()
  const me = useMe()
  const chosen = useSyncExternalStore(onThemeChange, theme)
  const [editing, setEditing] = useState<'status' | 'dnd' | null>(null)
  const status = liveStatus(me.status)
  const icon = { size: 16, 'aria-hidden': true } as const
  const themes: MenuItem[] = (['system', 'light', 'dark'] as Theme[]).map((value) => ({
    label: t(`theme.${value}`),
    checked: chosen === value,
    onSelect: () => setTheme(value),
  }))
  return (
    <>
      <Menu
        label={me.name}
        side="right"
        align="end"
        items={[
          {
            label: status ? `${status.emoji} ${status.text}`.trim() : t('setStatus'),
            icon: <Smile {...icon} />,
            onSelect: () => setEditing('status'),
          },
          {
            label: t('dnd'),
            icon: <BellOff {...icon} />,
            onSelect: () => setEditing('dnd'),
          },
          '-',
          {
            label: t('profile'),
            icon: <User {...icon} />,
            onSelect: () => go(paths.settings(weft.org, 'profile')),
          },
          {
            label: t('settings'),
            icon: <Settings {...icon} />,
            keys: `${MOD} ,`,
            onSelect: () => go(paths.settings(weft.org)),
          },
          { label: t('theme.title'), icon: <Moon {...icon} />, items: themes },
          {
            label: t('shortcuts'),
            icon: <Keyboard {...icon} />,
            keys: '?',
            onSelect: () => void emitIntent('shortcuts', {}),
          },
          '-',
          {
            label: t('signOut'),
            icon: <LogOut {...icon} />,
            onSelect: () => void session.signOut().catch(toastProblem),
          },
        ]}
      >
        <SelfButton
          name={me.name}
          id={me.id}
          src={me.avatar ? weft.api.avatarUrl(me.avatar) : null}
          label={t('self', { name: me.name })}
          dnd={me.dnd}
        />
      </Menu>
      {editing && (
        <Suspense fallback={null}>
          {editing === 'dnd' ? (
            <DndDialog onClose={() => setEditing(null)} />
          ) : (
            <StatusDialog onClose={() => setEditing(null)} />
          )}
        </Suspense>
      )}
    </>
  )
}

/** The avatar as a button; the menu hands it what a menu's button needs. */
function SelfButton(
  props: {
    name: string
    id: string
    src: string | null
    label: string
    dnd: Principal['dnd']
  } & React.ButtonHTMLAttributes<HTMLButtonElement>,
) {
  const { name, id, src, label, dnd, ...rest } = props
  return (
    <Tooltip label={name} side="right">
      <button type="button" className={s.self} aria-label={label} {...rest}>
        <Avatar id={id} name={name} src={src} size={32} />
        {dnd && (
          <span className={s.quiet}>
            <Suspense fallback={null}>
              <SelfMoon dnd={dnd} />
            </Suspense>
          </span>
        )}
      </button>
    </Tooltip>
  )
}
