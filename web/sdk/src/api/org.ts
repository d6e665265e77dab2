import type { EmojiPolicy } from '../emoji'
import type {
  ImportJob,
  ImportSource,
  Org,
  Page,
  Principal,
  PrincipalKind,
  PrincipalState,
  MailPolicy,
  PushPolicy,
  ReceiptsPolicy,
  Role,
} from '../types'
import { type Http, seg } from './http'

export interface DirectoryQuery {
  /** Name, pinyin, initials or the start of an e-mail address. */
  q?: string
  state?: PrincipalState
  role?: Role
  kind?: PrincipalKind
  cursor?: string | null
  limit?: number
}

export function peopleRoutes(http: Http) {
  return {
    /** At most 500; those one may not see are left out. */
    byIds: (ids: readonly string[]): Promise<Page<Principal>> =>
      http.request('GET', '/principals', { query: { ids } }),
    list: (query: DirectoryQuery = {}): Promise<Page<Principal>> =>
      http.request('GET', '/principals', { query: { ...query } }),
    get: (id: string): Promise<Principal> => http.request('GET', `/principals/${seg(id)}`),
    update: (id: string, body: { role?: Role; name?: string; title?: string }): Promise<Principal> =>
      http.request('PATCH', `/principals/${seg(id)}`, { body }),
    deactivate: (id: string): Promise<void> => http.request('POST', `/principals/${seg(id)}/deactivate`),
    reactivate: (id: string): Promise<void> => http.request('POST', `/principals/${seg(id)}/reactivate`),
    /** Gives a placeholder's history to a person. */
    map: (placeholder: string, to: string): Promise<void> =>
      http.request('POST', `/principals/${seg(placeholder)}/map`, { body: { to } }),
  }
}

export function orgRoutes(http: Http) {
  return {
    get: (): Promise<Org> => http.request('GET', '/org'),
    update: (body: {
      name?: string
      receipts?: ReceiptsPolicy
      push?: PushPolicy
      mail?: MailPolicy
      emoji?: EmojiPolicy
      vanishing?: { allowed: boolean }
    }): Promise<Org> => http.request('PATCH', '/org', { body }),
  }
}

export function importRoutes(http: Http) {
  return {
    /** Starts an import from what was exported there. A dry run reports and changes nothing. */
    start: (
      source: ImportSource,
      file: Blob,
      dryRun: boolean,
      signal?: AbortSignal,
    ): Promise<{ id: string }> =>
      http.request('POST', '/imports', {
        query: { source, dry_run: dryRun },
        raw: { data: file, type: 'application/zip' },
        signal,
      }),
    list: (): Promise<Page<ImportJob>> => http.request('GET', '/imports'),
    get: (id: string): Promise<ImportJob> => http.request('GET', `/imports/${seg(id)}`),
  }
}
