import type {
  Account,
  Dnd,
  Invitation,
  InvitationPreview,
  Me,
  OrgSeat,
  Page,
  Principal,
  Role,
  Scope,
  SessionInfo,
  Settings,
  Status,
  Token,
} from '../types'
import { type Http, seg } from './http'

export interface SignedIn {
  account: Account
  orgs: OrgSeat[]
}

export function authRoutes(http: Http) {
  return {
    signIn: (email: string, password: string): Promise<SignedIn> =>
      http.request('POST', '/auth/sign-in', { body: { email, password } }),
    signOut: (): Promise<void> => http.request('POST', '/auth/sign-out'),
    signOutEverywhere: (): Promise<void> => http.request('POST', '/auth/sign-out-everywhere'),
    sessions: (): Promise<{ items: SessionInfo[] }> => http.request('GET', '/auth/sessions'),
    endSession: (id: string): Promise<void> => http.request('DELETE', `/auth/sessions/${seg(id)}`),
    changePassword: (current: string, next: string): Promise<void> =>
      http.request('PUT', '/auth/password', { body: { current, new: next } }),
    forgotPassword: (email: string): Promise<void> =>
      http.request('POST', '/auth/password/forgot', { body: { email } }),
    resetPassword: (token: string, password: string): Promise<void> =>
      http.request('POST', '/auth/password/reset', { body: { token, password } }),
    changeEmail: (email: string, password: string): Promise<void> =>
      http.request('POST', '/auth/email', { body: { email, password } }),
    confirmEmail: (token: string): Promise<void> =>
      http.request('POST', '/auth/email/confirm', { body: { token } }),
  }
}

export interface ProfilePatch {
  name?: string
  title?: string
  status?: Status | null
  dnd?: Dnd | null
  locale?: string
  timezone?: string
}

export function meRoutes(http: Http) {
  return {
    get: (): Promise<Me> => http.request('GET', '/me'),
    update: (body: ProfilePatch): Promise<Principal> => http.request('PATCH', '/me', { body }),
    /** PNG, JPEG or WebP of at most 2 MB. */
    setAvatar: (image: Blob): Promise<Principal> =>
      http.request('PUT', '/me/avatar', {
        raw: { data: image, type: image.type || 'application/octet-stream' },
      }),
    removeAvatar: (): Promise<void> => http.request('DELETE', '/me/avatar'),
    /** Merges into the settings; null removes a key. Answers the whole map. */
    updateSettings: (body: Settings): Promise<Settings> => http.request('PATCH', '/me/settings', { body }),
    /** Address of a zip with every conversation that I may read in `org`, to be downloaded. */
    exportUrl: (org: string, files: boolean): string => http.url('/me/export', { org, files }),
  }
}

export function tokenRoutes(http: Http) {
  return {
    list: (): Promise<Page<Token>> => http.request('GET', '/tokens'),
    /** The secret is in this answer and nowhere else. */
    create: (body: {
      name: string
      scopes: Scope[]
      expires_at?: number
    }): Promise<{ id: string; secret: string }> => http.request('POST', '/tokens', { body }),
    remove: (id: string): Promise<void> => http.request('DELETE', `/tokens/${seg(id)}`),
  }
}

export interface NewInvitation {
  email?: string
  role: Role
  expires_at?: number
  max_uses?: number
  /** The placeholder whose history the new person takes over. */
  claims?: string
}

export function invitationRoutes(http: Http) {
  const byToken = (token: string): string => `/invitations/by-token/${seg(token)}`
  return {
    list: (cursor?: string | null): Promise<Page<Invitation>> =>
      http.request('GET', '/invitations', { query: { cursor } }),
    create: (body: NewInvitation): Promise<Invitation> => http.request('POST', '/invitations', { body }),
    remove: (id: string): Promise<void> => http.request('DELETE', `/invitations/${seg(id)}`),
    /** What a link leads to; needs no sign-in. */
    preview: (token: string): Promise<InvitationPreview> => http.request('GET', byToken(token)),
    /** Joins; signed out, makes the account first. */
    accept: (
      token: string,
      body: { name?: string; email?: string; password?: string; locale?: string } = {},
    ): Promise<Me> => http.request('POST', `${byToken(token)}/accept`, { body }),
  }
}
