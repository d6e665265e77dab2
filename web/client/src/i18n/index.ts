import i18next, { type ResourceLanguage } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { memory } from '../shared/memory'

/** The languages that are complete. */
export const LOCALES = ['zh-CN', 'en'] as const
export type Locale = (typeof LOCALES)[number]

const KEY = 'locale'
const RETRY_MS = 2000

/** What the frame and the conversation say: nearly every visit needs it, in one language. */
const CORE: Record<Locale, () => Promise<Record<string, ResourceLanguage>>> = {
  en: () => import('./en'),
  'zh-CN': () => import('./zh-CN'),
}

/** What is said of refusals: after the first page, and before anybody can have done something to be refused. */
const PROBLEMS: Record<Locale, () => Promise<{ default: ResourceLanguage }>> = {
  en: () => import('./en/problems.json'),
  'zh-CN': () => import('./zh-CN/problems.json'),
}

/** Loads what every page says in `language`; asked again, it is there. */
async function load(language: Locale): Promise<void> {
  for (const [part, words] of Object.entries(await CORE[language]()))
    i18next.addResourceBundle(language, part, words, true)
  void insist(() => loadProblems(language))
}

async function loadProblems(language: Locale): Promise<void> {
  const { default: words } = await PROBLEMS[language]()
  i18next.addResourceBundle(language, 'common', words, true)
}

async function change(next: Locale): Promise<void> {
  if (i18next.language === next) return
  await load(next)
  await i18next.changeLanguage(next)
}

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

/** Changes the language and remembers it on this device; rejects where its words cannot be loaded. */
export async function setLocale(next: Locale): Promise<void> {
  await change(next)
  memory.set(KEY, next)
}

/** Calls `fn` after each change of the language until the returned function is called. */
export function onLocale(fn: () => void): () => void {
  i18next.on('languageChanged', fn)
  return () => i18next.off('languageChanged', fn)
}

export function isLocale(value: string | null): value is Locale {
  return LOCALES.some((each) => each === value)
}

/** The account's language, for a device where none was chosen yet. */
export function suggestLocale(next: Locale): void {
  if (memory.get(KEY) === null) change(next).catch(() => undefined)
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
  fallbackLng: false,
  supportedLngs: LOCALES,
  defaultNS: 'common',
  resources: {},
  interpolation: { escapeValue: false },
  returnNull: false,
})

/** The words of the first page, asked for until they come: nothing can be shown before. */
export const firstWords: Promise<void> = insist(() => load(locale()))

async function insist(task: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await task()
    } catch {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }
}
