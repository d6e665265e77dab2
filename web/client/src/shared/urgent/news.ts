import type { Weft } from '@weft/sdk'

type Listener = (message: string) => void

/** Tells of own urgent messages that came further. */
class UrgentNews {
  readonly #listeners = new Set<Listener>()

  tell(message: string): void {
    for (const fn of this.#listeners) fn(message)
  }

  /** Calls `fn` with the id of each, until the returned function is called. */
  listen(fn: Listener): () => void {
    this.#listeners.add(fn)
    return () => void this.#listeners.delete(fn)
  }
}

/** The news of an org's gateway. */
export function urgentNews(weft: Weft): UrgentNews {
  return weft.extend('urgent-news', (host) => {
    const news = new UrgentNews()
    host.onFrame((frame) => {
      const { t, message } = frame as { t: string; message?: unknown }
      if (t === 'urgent' && typeof message === 'string') news.tell(message)
    })
    return news
  })
}
