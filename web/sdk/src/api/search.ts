import type { Everything, MessageHits } from '../types'
import type { Http } from './http'

export interface SearchQuery {
  /** Words, `"phrases"`, `-excluded`, filters such as `from:mei`: see `docs/API.md`. */
  q: string
  sort?: 'relevance' | 'time'
  cursor?: string | null
  limit?: number
}

export function searchRoutes(http: Http) {
  return {
    /** Messages that fit, of those that the caller may read now. */
    messages: (query: SearchQuery, signal?: AbortSignal): Promise<MessageHits> =>
      http.request('GET', '/search/messages', { query: { ...query }, signal }),
    /** The best people, conversations and messages. */
    everything: (q: string, limit?: number, signal?: AbortSignal): Promise<Everything> =>
      http.request('GET', '/search', { query: { q, limit }, signal }),
  }
}
