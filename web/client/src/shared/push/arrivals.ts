import { navigate } from 'wouter/use-browser-location'

type Told = { t: 'open'; url: string } | { t: 'pushed'; kind: string }

const waiting = new Set<(kind: string) => void>()

/** Hears what the worker tells its pages: to open something, or that something was pushed. */
export function onPushed(): void {
  navigator.serviceWorker.addEventListener('message', (event: MessageEvent<Told | null>) => {
    const told = event.data
    if (told?.t === 'open' && told.url.startsWith('/')) navigate(told.url)
    if (told?.t === 'pushed') for (const fn of waiting) fn(told.kind)
  })
}

/** Resolves when something of `kind` is pushed to this browser; false after `ms`. */
export function arrives(kind: string, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (arrived: boolean): void => {
      waiting.delete(hear)
      clearTimeout(timer)
      resolve(arrived)
    }
    const hear = (came: string): void => {
      if (came === kind) end(true)
    }
    const timer = setTimeout(() => end(false), ms)
    waiting.add(hear)
  })
}
