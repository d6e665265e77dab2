import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Building2, HardDrive, MailPlus, PackageOpen, Siren, Users } from 'lucide-react'
import { useWeft } from '@weft/sdk/react'
import en from '../../i18n/en/admin.json'
import zh from '../../i18n/zh-CN/admin.json'
import { addMessages } from '../../i18n'
import { paths } from '../../shared/paths'
import { SectionPages } from '../../shared/SectionPages'
import { FilesSection } from './FilesSection'
import { ImportsSection } from './ImportsSection'
import { InvitationsSection } from './InvitationsSection'
import { MembersSection } from './MembersSection'
import { OrgSection } from './OrgSection'

addMessages('admin', en, zh)

const UrgentSection = lazy(() => import('./urgent/UrgentSection'))

/** Administration of the org; shown to its owners and admins. */
export default function AdminPages({ section }: { section: string | undefined }) {
  const { t } = useTranslation('admin')
  const weft = useWeft()
  const page = (key: string, icon: React.ReactNode, view: React.ReactNode, full = false) => ({
    key,
    icon,
    view,
    full,
    title: t(`${key}.title`),
    words: t(`${key}.words`),
  })
  return (
    <SectionPages
      title={t('title')}
      find={t('find')}
      none={t('none')}
      chosen={section}
      href={(key) => paths.admin(weft.org, key)}
      sections={[
        page('org', <Building2 size={16} aria-hidden />, <OrgSection />),
        page('members', <Users size={16} aria-hidden />, <MembersSection />, true),
        page('invitations', <MailPlus size={16} aria-hidden />, <InvitationsSection />),
        page(
          'urgent',
          <Siren size={16} aria-hidden />,
          <Suspense fallback={null}>
            <UrgentSection />
          </Suspense>,
        ),
        page('files', <HardDrive size={16} aria-hidden />, <FilesSection />),
        page('imports', <PackageOpen size={16} aria-hidden />, <ImportsSection />),
      ]}
    />
  )
}
