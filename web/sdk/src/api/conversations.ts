import type { Changes } from '../frames'
import type { When } from '../laterTypes'
import type {
  Bootstrap,
  Conversation,
  ConversationHistory,
  ConversationKind,
  MemberPage,
  Membership,
  Page,
  Seq,
} from '../types'
import { type Http, seg } from './http'

/** Characters that surely fit a request that outlives its page (64 KB). */
const KEPT_ALIVE = 15_000

export interface NewConversation {
  kind: ConversationKind
  name?: string
  topic?: string
  purpose?: string
  members?: string[]
  /** Announcements: who posts, whether there are comments, whether everybody is in it. */
  publishers?: string[]
  comments?: boolean
  everyone?: boolean
}

export type MembershipPatch = Partial<
  Pick<Membership, 'muted' | 'favourite' | 'section' | 'hidden' | 'level' | 'all_silenced'>
> & {
  /** Puts it away until then at most. */
  snooze?: When
}

export function conversationRoutes(http: Http) {
  const at = (id: string, rest = ''): string => `/conversations/${seg(id)}${rest}`
  return {
    /** Everything that a client shows first. */
    bootstrap: (): Promise<Bootstrap> => http.request('GET', '/bootstrap'),
    list: (query: { cursor?: string | null; limit?: number } = {}): Promise<Page<Conversation>> =>
      http.request('GET', '/conversations', { query }),
    /** A direct conversation that exists already is answered instead of a second one. */
    create: (body: NewConversation): Promise<Conversation> =>
      http.request('POST', '/conversations', { body }),
    /** Public channels, joined or not. */
    browse: (
      query: { q?: string; cursor?: string | null; limit?: number } = {},
    ): Promise<Page<Conversation>> => http.request('GET', '/conversations/browse', { query }),
    get: (id: string): Promise<Conversation> => http.request('GET', at(id)),
    update: (
      id: string,
      body: {
        name?: string
        topic?: string
        purpose?: string
        default?: boolean
        history?: ConversationHistory
        comments?: boolean
      },
    ): Promise<Conversation> => http.request('PATCH', at(id), { body }),
    archive: (id: string): Promise<void> => http.request('POST', at(id, '/archive')),
    unarchive: (id: string): Promise<void> => http.request('POST', at(id, '/unarchive')),
    join: (id: string): Promise<Conversation | undefined> => http.request('POST', at(id, '/join')),
    leave: (id: string): Promise<void> => http.request('POST', at(id, '/leave')),
    members: (
      id: string,
      query: { q?: string; cursor?: string | null; limit?: number } = {},
    ): Promise<MemberPage> => http.request('GET', at(id, '/members'), { query }),
    addMembers: (id: string, members: string[]): Promise<void> =>
      http.request('POST', at(id, '/members'), { body: { members } }),
    removeMember: (id: string, member: string): Promise<void> =>
      http.request('DELETE', at(id, `/members/${seg(member)}`)),
    /** Names one who posts in an announcement conversation, or takes that back. */
    setRole: (id: string, member: string, role: 'publisher' | 'member'): Promise<void> =>
      http.request('PATCH', at(id, `/members/${seg(member)}`), { body: { role } }),
    setMembership: (id: string, body: MembershipPatch): Promise<void> =>
      http.request('PATCH', at(id, '/me'), { body }),
    read: (id: string, seq: Seq): Promise<void> => http.request('PUT', at(id, '/read'), { body: { seq } }),
    unread: (id: string, fromSeq: Seq): Promise<void> =>
      http.request('PUT', at(id, '/unread'), { body: { from_seq: fromSeq } }),
    readAll: (): Promise<void> => http.request('POST', '/read-all'),
    /** An empty text removes the draft. */
    setDraft: (id: string, text: string, thread?: string | null): Promise<void> =>
      http.request('PUT', at(id, '/draft'), {
        body: thread ? { text, thread } : { text },
        // A page that is left tells its last words; longer ones wait on the device.
        keepalive: text.length < KEPT_ALIVE,
      }),
    changes: (id: string, afterSeq: Seq, limit?: number): Promise<Changes> =>
      http.request('GET', at(id, '/changes'), { query: { after_seq: afterSeq, limit } }),
  }
}
