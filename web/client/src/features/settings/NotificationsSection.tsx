import en from '../../i18n/en/notifications.json'
import zh from '../../i18n/zh-CN/notifications.json'
import { addMessages } from '../../i18n'
import { DevicesGroup } from './notifications/DevicesGroup'
import { InstallGroup } from './notifications/InstallGroup'
import { PushContentGroup } from './notifications/PushContentGroup'

addMessages('notifications', en, zh)

/** What the reader is told of, and where; each part is a file of its own. */
export function NotificationsSection() {
  return (
    <>
      <DevicesGroup />
      <PushContentGroup />
      <InstallGroup />
    </>
  )
}
