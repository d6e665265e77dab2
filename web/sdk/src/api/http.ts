import { Problem } from '../problem'

/** Values of a query string; undefined and null are left out, lists are joined by commas. */
export type Query = Record<string, string | number | boolean | readonly string[] | null | undefined>

export interface ApiOptions {
  /** Origin of the server, without `/api/v1`; empty for the page's own. */
  base?: string
  /** The org to act in: `Weft-Org`. */
  org?: string
  /** A personal access token, instead of the session cookie. */
  token?: string
  fetch?: typeof fetch
}

export interface RequestOptions {
  query?: Query | undefined
  /** Sent as JSON. */
  body?: unknown
  /** Sent as it is, instead of `body`. */
  raw?: { data: Blob | ArrayBuffer | Uint8Array<ArrayBuffer>; type: string }
  signal?: AbortSignal | undefined
  /** Goes on when the page is left meanwhile; for small bodies (browsers refuse more than 64 KB). */
  keepalive?: boolean
}

const PREFIX = '/api/v1'

/** A path segment from an id: escaped, and never one that a URL parser would resolve away. */
export function seg(id: string): string {
  if (id === '' || id === '.' || id === '..') throw new Problem('not_found', { detail: 'An empty id.' })
  return encodeURIComponent(id)
}

/** Requests to one server as one org; holds no state but its options. */
export class Http {
  readonly base: string
  readonly org: string | undefined
  readonly token: string | undefined
  readonly #fetch: typeof fetch

  constructor(options: ApiOptions = {}) {
    this.base = (options.base ?? '').replace(/\/+$/, '')
    this.org = options.org
    this.token = options.token
    this.#fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init))
  }

  /** The options that this was made from, to derive another. */
  get options(): ApiOptions {
    return {
      base: this.base,
      fetch: this.#fetch,
      ...(this.org === undefined ? {} : { org: this.org }),
      ...(this.token === undefined ? {} : { token: this.token }),
    }
  }

  url(path: string, query?: Query): string {
    const q = queryString(query)
    return `${this.base}${PREFIX}${path}${q ? `?${q}` : ''}`
  }

  /** Authentication and org headers, as the gateway's handshake needs them too where it can carry headers. */
  headers(): Record<string, string> {
    const headers: Record<string, string> = { Accept: 'application/json' }
    if (this.org) headers['Weft-Org'] = this.org
    if (this.token) headers.Authorization = `Bearer ${this.token}`
    return headers
  }

  /**
   * One request. Answers the decoded JSON body, undefined for an empty one.
   * @throws Problem for every answer but 2xx, and with code `offline` where none came.
   */
  async request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    const headers = this.headers()
    const init: RequestInit = { method, headers, credentials: 'same-origin' }
    if (options.signal) init.signal = options.signal
    if (options.keepalive) init.keepalive = true
    if (options.raw) {
      headers['Content-Type'] = options.raw.type
      init.body = options.raw.data
    } else if (options.body !== undefined) {
      headers['Content-Type'] = 'application/json'
      init.body = JSON.stringify(options.body)
    }
    const response = await this.#send(this.url(path, options.query), init)
    const text = await response.text().catch(() => {
      throw Problem.offline('The answer broke off.')
    })
    if (!response.ok) throw Problem.from(parse(text), response.status, retryAfter(response))
    return parse(text) as T
  }

  /** A text as it is. */
  async text(path: string, signal?: AbortSignal): Promise<string> {
    const init: RequestInit = {
      method: 'GET',
      headers: this.headers(),
      credentials: 'same-origin',
      ...(signal ? { signal } : {}),
    }
    const response = await this.#send(this.url(path), init)
    const text = await response.text().catch(() => {
      throw Problem.offline('The answer broke off.')
    })
    if (!response.ok) throw Problem.from(parse(text), response.status, retryAfter(response))
    return text
  }

  async #send(url: string, init: RequestInit): Promise<Response> {
    try {
      return await this.#fetch(url, init)
    } catch (error) {
      if (init.signal?.aborted) throw error
      throw Problem.offline()
    }
  }
}

function queryString(query: Query = {}): string {
  const pairs: string[] = []
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue
    const text = Array.isArray(value)
      ? value.map(encodeURIComponent).join(',')
      : encodeURIComponent(String(value))
    pairs.push(`${encodeURIComponent(key)}=${text}`)
  }
  return pairs.join('&')
}

function parse(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Seconds, from either form of the header. */
function retryAfter(response: Response): number | undefined {
  const header = response.headers.get('Retry-After')
  if (!header) return undefined
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return Math.max(0, seconds)
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, (date - Date.now()) / 1000)
}
