import i18next, { type ResourceLanguage } from 'i18next'
import { initReactI18next } from 'react-i18next'
import enCommon from './en/common.json'
import zhCommon from './zh-CN/common.json'
import { memory } from '../shared/memory'

/** The languages that are complete. */
export const LOCALES = ['zh-CN', 'en'] as const
export type Locale = (typeof LOCALES)[number]

const KEY = 'locale'

function detect(): Locale {
  const wanted = [memory.get(KEY), ...(globalThis.navigator?.languages ?? [])]
  for (const tag of wanted) {
    if (tag?.toLowerCase().startsWith('zh')) return 'zh-CN'
    if (tag?.toLowerCase().startsWith('en')) return 'en'
  }
  return 'en'
}

/** The language in use. */
export function locale(): Locale {
  return i18next.language === 'zh-CN' ? 'zh-CN' : 'en'
}

/** Changes the language at once and remembers it on this device. */
export function setLocale(next: Locale): void {
  memory.set(KEY, next)
  if (i18next.language !== next) void i18next.changeLanguage(next)
}

export function isLocale(value: string | null): value is Locale {
  return LOCALES.some((each) => each === value)
}

/** The account's language, for a device where none was chosen yet. */
export function suggestLocale(next: Locale): void {
  if (memory.get(KEY) === null && i18next.language !== next) void i18next.changeLanguage(next)
}

/** Adds a feature's words; called at the top of the feature, so that they travel in its chunk. */
export function addMessages(feature: string, en: ResourceLanguage, zh: ResourceLanguage): void {
  i18next.addResourceBundle('en', feature, en)
  i18next.addResourceBundle('zh-CN', feature, zh)
}

// Started by the first import, because features add their words when they are imported.
i18next.on('languageChanged', (language) => {
  if (typeof document !== 'undefined') document.documentElement.lang = language
})
void i18next.use(initReactI18next).init({
  lng: detect(),
  fallbackLng: 'en',
  supportedLngs: LOCALES,
  defaultNS: 'common',
  resources: { en: { common: enCommon }, 'zh-CN': { common: zhCommon } },
  interpolation: { escapeValue: false },
  returnNull: false,
})
