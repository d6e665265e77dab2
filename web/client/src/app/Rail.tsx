import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Files, MessagesSquare, Search, ShieldCheck, Users } from 'lucide-react'
import { Link } from 'wouter'
import { cx, Tooltip } from '@weft/ui'
import { useObservable, useWeft } from '@weft/sdk/react'
import { paths } from '../shared/paths'
import type { Module } from './Frame'
import { OrgSwitcher } from './OrgSwitcher'
import { SelfMenu } from './SelfMenu'
import s from './frame.module.css'

/** The narrow strip at the left: orgs, modules, oneself. */
export function Rail(props: { module: Module; admin: boolean; collapsed: boolean; onList: () => void }) {
  const { t } = useTranslation('app')
  const weft = useWeft()
  const total = useObservable(weft.unreadTotal)
  const blip = total.mentions > 0 ? 'loud' : total.unread > 0 ? 'quiet' : null
  return (
    <nav className={s.rail} aria-label={t('modules')}>
      <OrgSwitcher />
      <ModuleLink
        label={t('chat')}
        href={paths.home(weft.org)}
        here={props.module === 'chat'}
        icon={<MessagesSquare size={20} aria-hidden />}
        blip={blip}
        blipLabel={t('hasUnread')}
        onClick={props.collapsed && props.module === 'chat' ? props.onList : undefined}
      />
      <ModuleLink
        label={t('search')}
        href={paths.search(weft.org)}
        here={props.module === 'search'}
        icon={<Search size={20} aria-hidden />}
      />
      <ModuleLink
        label={t('people')}
        href={paths.people(weft.org)}
        here={props.module === 'people'}
        icon={<Users size={20} aria-hidden />}
      />
      <ModuleLink
        label={t('files')}
        href={paths.files(weft.org)}
        here={props.module === 'files'}
        icon={<Files size={20} aria-hidden />}
      />
      {props.admin && (
        <ModuleLink
          label={t('admin')}
          href={paths.admin(weft.org)}
          here={props.module === 'admin'}
          icon={<ShieldCheck size={20} aria-hidden />}
        />
      )}
      <span className={s.spacer} />
      <SelfMenu />
    </nav>
  )
}

interface ModuleLinkProps {
  label: string
  href: string
  here: boolean
  icon: ReactNode
  blip?: 'loud' | 'quiet' | null
  blipLabel?: string
  onClick?: (() => void) | undefined
}

function ModuleLink({ label, href, here, icon, blip, blipLabel, onClick }: ModuleLinkProps) {
  return (
    <Tooltip label={label} side="right">
      <Link
        href={href}
        aria-label={blip ? `${label}, ${blipLabel}` : label}
        aria-current={here ? 'page' : undefined}
        className={cx(s.module, here && s.current)}
        onClick={(event) => {
          if (!onClick) return
          event.preventDefault()
          onClick()
        }}
      >
        {icon}
        {blip && <span className={cx(s.blip, blip === 'loud' && s.loud)} />}
      </Link>
    </Tooltip>
  )
}
