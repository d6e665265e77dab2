import type { Api, ExtensionHost, Page, PollView, Weft } from '@weft/sdk'

/** Somebody who chose an option. */
export interface Voter {
  id: string
  at: number
}

/** What only the reader knows of polls, in step with their other devices. */
class Votes {
  readonly #api: Api
  readonly #listeners = new Map<string, Set<() => void>>()

  constructor(host: ExtensionHost) {
    this.#api = host.api
    host.onFrame((frame) => {
      if (frame.t === 'poll_vote') this.#tell((frame as { message?: string }).message)
    })
    host.onLive(() => [...this.#listeners.keys()].forEach((id) => this.#tell(id)))
  }

  get(message: string): Promise<PollView> {
    return this.#api.get(`/messages/${message}/poll`)
  }

  vote(message: string, options: readonly number[]): Promise<PollView> {
    return this.#api.put(`/messages/${message}/poll/vote`, { options })
  }

  add(message: string, text: string): Promise<PollView> {
    return this.#api.post(`/messages/${message}/poll/options`, { text })
  }

  close(message: string): Promise<PollView> {
    return this.#api.post(`/messages/${message}/poll/close`)
  }

  voters(message: string, option: number, cursor: string | null): Promise<Page<Voter>> {
    return this.#api.get(`/messages/${message}/poll/voters`, { option, cursor, limit: 100 })
  }

  exportUrl(message: string): string {
    return this.#api.http.url(`/messages/${message}/poll/export`)
  }

  /** Calls `fn` when the own vote may have changed elsewhere, until the returned function is called. */
  listen(message: string, fn: () => void): () => void {
    const set = this.#listeners.get(message) ?? new Set()
    this.#listeners.set(message, set.add(fn))
    return () => {
      set.delete(fn)
      if (!set.size) this.#listeners.delete(message)
    }
  }

  #tell(message: string | undefined): void {
    this.#listeners.get(message ?? '')?.forEach((fn) => fn())
  }
}

/** The votes of one org. */
export function votesOf(weft: Weft): Votes {
  return weft.extend('polls', (host) => new Votes(host))
}
