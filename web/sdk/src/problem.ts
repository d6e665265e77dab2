import type { ProblemBody } from './frames'

/** Fields of a `Problem` besides its code. */
export interface ProblemInit {
  status?: number
  title?: string
  detail?: string
  field?: string | undefined
  params?: Record<string, unknown> | undefined
  /** Seconds. */
  retryAfter?: number | undefined
}

/**
 * A refusal by the server, or a failure to reach it (`code` `offline`, status 0).
 *
 * `code` is stable and is what a client translates; `title` and `detail` are English.
 */
export class Problem extends Error {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly field?: string
  readonly params?: Record<string, unknown>
  /** Seconds to wait before another try, where the server said so. */
  readonly retryAfter?: number

  constructor(code: string, init: ProblemInit = {}) {
    super(init.detail || init.title || code)
    this.name = 'Problem'
    this.code = code
    this.status = init.status ?? 0
    this.title = init.title ?? code
    this.detail = init.detail ?? ''
    if (init.field !== undefined) this.field = init.field
    if (init.params !== undefined) this.params = init.params
    if (init.retryAfter !== undefined) this.retryAfter = init.retryAfter
  }

  /** The server could not be reached. */
  static offline(detail = 'The server could not be reached.'): Problem {
    return new Problem('offline', { detail })
  }

  /** From the body of a `problem+json` answer or of a `nack` frame; tolerates any shape. */
  static from(body: unknown, status = 0, retryAfter?: number): Problem {
    const b: ProblemBody = typeof body === 'object' && body !== null ? body : {}
    const code = typeof b.code === 'string' ? b.code : codeOf(b.status ?? status)
    return new Problem(code, {
      status: typeof b.status === 'number' ? b.status : status,
      title: typeof b.title === 'string' ? b.title : code,
      detail: typeof b.detail === 'string' ? b.detail : '',
      field: typeof b.field === 'string' ? b.field : undefined,
      params: b.params,
      retryAfter,
    })
  }

  /** Anything thrown, as a `Problem`. */
  static of(error: unknown): Problem {
    if (error instanceof Problem) return error
    return new Problem('internal', { detail: error instanceof Error ? error.message : String(error) })
  }

  /** Whether the same request may succeed later: no network, a busy or failing server. */
  get transient(): boolean {
    return this.status === 0 ? this.code === 'offline' : TRANSIENT.has(this.status) || this.status >= 500
  }
}

const TRANSIENT = new Set([408, 425, 429])

/** A code for an answer without one, such as a proxy's error page. */
function codeOf(status: number): string {
  if (status === 401) return 'unauthenticated'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not_found'
  if (status === 413) return 'too_large'
  if (status === 429) return 'rate_limited'
  if (status >= 502 && status <= 504) return 'unavailable'
  return status >= 500 ? 'internal' : 'bad_request'
}
