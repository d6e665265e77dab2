import {
  Bell,
  KeyRound,
  Palette,
  Siren,
  SmilePlus,
  SquarePen,
  Sticker,
  Terminal,
  UserRound,
} from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useObservable, useWeft } from '@weft/sdk/react'
import en from '../../i18n/en/settings.json'
import zh from '../../i18n/zh-CN/settings.json'
import { addMessages } from '../../i18n'
import { paths } from '../../shared/paths'
import { SectionPages } from '../../shared/SectionPages'
import { AccountSection } from './AccountSection'
import { NotificationsSection } from './NotificationsSection'
import { AppearanceSection, WritingSection } from './Preferences'
import { ProfileSection } from './ProfileSection'
import { TokensSection } from './TokensSection'
import { UrgentSection } from './UrgentSection'

addMessages('settings', en, zh)

const EmojiSection = lazy(() => import('./emoji/EmojiSection'))
const StickersSection = lazy(() => import('./stickers/StickersSection'))

/** The reader's own settings. */
export default function SettingsPages({ section }: { section: string | undefined }) {
  const { t } = useTranslation('settings')
  const weft = useWeft()
  const guest = useObservable(weft.meView).principal.role === 'guest'
  const emoji = (
    <Suspense fallback={null}>
      <EmojiSection />
    </Suspense>
  )
  const stickers = (
    <Suspense fallback={null}>
      <StickersSection />
    </Suspense>
  )
  const page = (key: string, icon: React.ReactNode, view: React.ReactNode) => ({
    key,
    icon,
    view,
    title: t(`${key}.title`),
    words: t(`${key}.words`),
  })
  return (
    <SectionPages
      title={t('title')}
      find={t('find')}
      none={t('none')}
      chosen={section}
      href={(key) => paths.settings(weft.org, key)}
      sections={[
        page('profile', <UserRound size={16} aria-hidden />, <ProfileSection />),
        page('notifications', <Bell size={16} aria-hidden />, <NotificationsSection />),
        page('appearance', <Palette size={16} aria-hidden />, <AppearanceSection />),
        page('writing', <SquarePen size={16} aria-hidden />, <WritingSection />),
        ...(guest ? [] : [page('emoji', <SmilePlus size={16} aria-hidden />, emoji)]),
        page('stickers', <Sticker size={16} aria-hidden />, stickers),
        page('urgent', <Siren size={16} aria-hidden />, <UrgentSection />),
        page('account', <KeyRound size={16} aria-hidden />, <AccountSection />),
        page('tokens', <Terminal size={16} aria-hidden />, <TokensSection />),
      ]}
    />
  )
}
