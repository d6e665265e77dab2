import type { Me, Setup } from '../types'
import { authRoutes, invitationRoutes, meRoutes, tokenRoutes } from './account'
import { conversationRoutes } from './conversations'
import { fileRoutes } from './files'
import { type ApiOptions, Http, type Query, type RequestOptions } from './http'
import { messageRoutes, threadRoutes } from './messages'
import { importRoutes, orgRoutes, peopleRoutes } from './org'
import { searchRoutes } from './search'
import { phoneRoutes, urgentRoutes } from './urgent'

/**
 * The REST API, one method per route of `docs/API.md`. Stateless: it may be shared and made anew at will.
 *
 * Every method rejects with a `Problem`.
 */
export class Api {
  readonly http: Http
  readonly auth
  readonly me
  readonly tokens
  readonly invitations
  readonly people
  readonly org
  readonly imports
  readonly conversations
  readonly messages
  readonly threads
  readonly search
  readonly files
  readonly urgent
  readonly phones
  readonly setup

  constructor(options: ApiOptions = {}) {
    const http = new Http(options)
    this.http = http
    this.auth = authRoutes(http)
    this.me = meRoutes(http)
    this.tokens = tokenRoutes(http)
    this.invitations = invitationRoutes(http)
    this.people = peopleRoutes(http)
    this.org = orgRoutes(http)
    this.imports = importRoutes(http)
    this.conversations = conversationRoutes(http)
    this.messages = messageRoutes(http)
    this.threads = threadRoutes(http)
    this.search = searchRoutes(http)
    this.files = fileRoutes(http)
    this.urgent = urgentRoutes(http)
    this.phones = phoneRoutes(http)
    this.setup = {
      /** Whether this server still waits for its first org. */
      state: (): Promise<Setup> => http.request('GET', '/setup'),
      /** Makes the first org and its owner, once; signs in. */
      run: (body: {
        token: string
        org_name: string
        name: string
        email: string
        password: string
        locale?: string
      }): Promise<Me> => http.request('POST', '/setup', { body }),
    }
  }

  /** The same server and credentials, acting in another org. */
  withOrg(org: string): Api {
    return new Api({ ...this.http.options, org })
  }

  get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
    return this.http.request('GET', path, { query, signal })
  }

  post<T>(path: string, body?: unknown, query?: Query): Promise<T> {
    return this.http.request('POST', path, { body, query })
  }

  put<T>(path: string, body?: unknown): Promise<T> {
    return this.http.request('PUT', path, { body })
  }

  patch<T>(path: string, body?: unknown): Promise<T> {
    return this.http.request('PATCH', path, { body })
  }

  delete<T>(path: string): Promise<T> {
    return this.http.request('DELETE', path)
  }

  /** Any request, with its options. */
  request<T>(method: string, path: string, options?: RequestOptions): Promise<T> {
    return this.http.request(method, path, options)
  }

  /** Address of a picture by its hash (`Principal.avatar`). */
  avatarUrl(hash: string): string {
    return this.http.url(`/avatars/${encodeURIComponent(hash)}`)
  }

  /** Address of the gateway, `ws:` or `wss:`. */
  gatewayUrl(): string {
    const base = this.http.base || globalThis.location.origin
    const url = new URL(`${base}/api/v1/gateway`)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    if (this.http.org) url.searchParams.set('org', this.http.org)
    return url.href
  }
}
