import en from '../../i18n/en/notifications.json'
import zh from '../../i18n/zh-CN/notifications.json'
import { addMessages } from '../../i18n'
import '../../shared/attention/words'
import { AlertsSection, ExceptionsSection, StreamsSection } from './attention/AlertSections'
import { DeviceSection } from './attention/DeviceSection'
import { QuietSection } from './attention/QuietSection'
import { DevicesGroup } from './notifications/DevicesGroup'
import { InstallGroup } from './notifications/InstallGroup'
import { MailGroup } from './notifications/MailGroup'
import { PushContentGroup } from './notifications/PushContentGroup'

addMessages('notifications', en, zh)

/** What the reader is told of, and where; each part is a file of its own. */
export function NotificationsSection() {
  return (
    <>
      <DeviceSection />
      <StreamsSection />
      <DevicesGroup />
      <PushContentGroup />
      <MailGroup />
      <QuietSection />
      <ExceptionsSection />
      <AlertsSection />
      <InstallGroup />
    </>
  )
}
