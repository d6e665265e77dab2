import { useTranslation } from 'react-i18next'
import { Files, MessagesSquare, Search, Settings, ShieldCheck, Users } from 'lucide-react'
import { Link } from 'wouter'
import { cx } from '@weft/ui'
import { useObservable, useWeft } from '@weft/sdk/react'
import { paths } from '../shared/paths'
import type { Module } from './Frame'
import s from './frame.module.css'

/** The modules of a phone, at the thumb. */
export function TabBar({ module, admin }: { module: Module; admin: boolean }) {
  const { t } = useTranslation('app')
  const weft = useWeft()
  const total = useObservable(weft.unreadTotal)
  const tabs = [
    { key: 'chat', href: paths.home(weft.org), icon: MessagesSquare },
    { key: 'search', href: paths.search(weft.org), icon: Search },
    { key: 'people', href: paths.people(weft.org), icon: Users },
    { key: 'files', href: paths.files(weft.org), icon: Files },
    ...(admin ? [{ key: 'admin', href: paths.admin(weft.org), icon: ShieldCheck }] : []),
    { key: 'settings', href: paths.settings(weft.org), icon: Settings },
  ]
  return (
    <nav className={s.tabs} aria-label={t('modules')}>
      {tabs.map(({ key, href, icon: Icon }) => (
        <Link
          key={key}
          href={href}
          className={cx(s.tab, module === key && s.here)}
          aria-current={module === key ? 'page' : undefined}
        >
          <span className={s.glyph}>
            <Icon size={22} aria-hidden />
            {key === 'chat' && total.unread > 0 && (
              <span
                className={cx(s.blip, total.mentions > 0 && s.loud)}
                role="img"
                aria-label={t('hasUnread')}
              />
            )}
          </span>
          {t(key)}
        </Link>
      ))}
    </nav>
  )
}
