import { memory } from './memory'

/** Which theme: the system's, or one by choice. */
export type Theme = 'system' | 'light' | 'dark'

const KEY = 'theme'
const listeners = new Set<() => void>()

/** The choice remembered on this device. */
export function theme(): Theme {
  const value = memory.get(KEY)
  return value === 'light' || value === 'dark' ? value : 'system'
}

/** Puts a theme on the page and remembers it. */
export function setTheme(next: Theme): void {
  memory.set(KEY, next === 'system' ? null : next)
  applyTheme()
  for (const listener of listeners) listener()
}

/** Puts the remembered theme on the page; called before the first render. */
export function applyTheme(): void {
  const now = theme()
  if (now === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = now
}

/** True while what is on the screen is dark, by choice or by the system. */
export function isDark(): boolean {
  const now = theme()
  return now === 'dark' || (now === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
}

/** Tells of changes of the theme, chosen or the system's; returns how to stop. */
export function onThemeChange(listener: () => void): () => void {
  const media = matchMedia('(prefers-color-scheme: dark)')
  listeners.add(listener)
  media.addEventListener('change', listener)
  return () => {
    listeners.delete(listener)
    media.removeEventListener('change', listener)
  }
}
