import { addMessages, locale, onLocale } from '../../i18n'
import en from '../../i18n/en/resident.json'
import zh from '../../i18n/zh-CN/resident.json'
import { awaitInstallOffer } from '../../shared/push/install'
import { tellActivity } from './activity'
import { keepNotifications } from './notifications'
import { startWorker } from './worker'

/** What goes on beside the pages, and may come after them: the worker, notifications, whether somebody is here. */
export function start(): void {
  addMessages('resident', en, zh)
  awaitInstallOffer()
  nameApp()
  onLocale(nameApp)
  tellActivity()
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  startWorker()
  keepNotifications()
}

/** An app is installed under the name that the reader knows. */
function nameApp(): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel=manifest]')
  if (link) link.href = locale() === 'zh-CN' ? '/manifest-zh.webmanifest' : '/manifest.webmanifest'
}
