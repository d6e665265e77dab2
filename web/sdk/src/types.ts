/**
 * Wire types of the Weft API, as written down in `docs/API.md` and `docs/EVENTS.md`.
 *
 * Ids are type-prefixed strings (`msg_…`), times are microseconds since 1970 UTC. Fields unknown to this
 * version may be present and must be ignored.
 */

import type { MessageAck } from './ackTypes'
import type { Dnd, Level, Status } from './attentionTypes'
import type { Content } from './contentTypes'
import type { EmojiPolicy } from './emoji'
import type { TopicRef } from './topicTypes'
import type { Poll } from './pollTypes'

export type * from './ackTypes'
export type * from './attentionTypes'
export type * from './contentTypes'
export type * from './fileTypes'
export type * from './topicTypes'
export type * from './urgentTypes'
export type * from './pollTypes'

/** Microseconds since 1970 UTC. */
export type Micros = number

/** A position in a log: dense, 1, 2, 3 … */
export type Seq = number

export type PrincipalKind = 'member' | 'guest' | 'bot' | 'app'
export type Role = 'owner' | 'admin' | 'member' | 'guest'
export type PrincipalState = 'active' | 'deactivated' | 'placeholder'

/** Whoever can act in an org: a member, guest, bot or app. */
export interface Principal {
  id: string
  kind: PrincipalKind
  role: Role
  state: PrincipalState
  name: string
  title: string
  /** Hash of the picture, see `Api.avatarUrl`. */
  avatar: string | null
  status: Status | null
  /** When they are not to be disturbed, if ever. */
  dnd?: Dnd | null
  /** Folded name, pinyin and initials, for finding. */
  search_key: string
  /** Only one's own, or asked for by an admin. */
  email: string | null
  timezone: string | null
}

export type ConversationKind = 'channel' | 'private_channel' | 'group' | 'direct' | 'announcement'

export type ConversationHistory = 'all' | 'from_joining'

/** The caller's own relation to a conversation. */
export interface Membership {
  /** A publisher posts in an announcement conversation. */
  role: 'owner' | 'publisher' | 'member'
  /** Left out of the bootstrap. */
  joined_at?: Micros
  read_seq: Seq
  read_n: number
  /** Set by "mark as unread": unread from here on, whatever the read mark says. */
  unread_from: Seq | null
  /** Unread mentions of the caller. */
  mentions: number
  /** The same as `level` being `nothing`. */
  muted: boolean
  favourite: boolean
  section: string | null
  hidden: boolean
  /** Put away up to this ordinal: what comes after brings it back. */
  hidden_n?: number
  snoozed_until?: Micros
  /** Which messages I am told of; null (or from an earlier version) by kind and size. */
  level?: Level | null
  /** `@all` and `@here` do not call me. */
  all_silenced?: boolean
}

export interface Conversation {
  id: string
  kind: ConversationKind
  /** Empty for direct conversations and unnamed groups. */
  name: string
  /** What it is found by, where that is more than its folded name: pinyin, initials. */
  search_key?: string | undefined
  topic: string
  purpose: string
  archived: boolean
  default: boolean
  /** What those who join later see of what was before. */
  history: ConversationHistory
  /** Whether posts may be commented on; of announcements. */
  comments?: boolean
  /** How long after being read new messages vanish, in seconds; between two people. */
  vanish_after?: number | null | undefined
  member_count: number
  /** Left out of the bootstrap. */
  created_at?: Micros
  created_by?: string | null
  head_seq: Seq
  /** Ordinal of the newest message of the main flow. */
  last_n: number
  last_at: Micros
  /** Direct and group: the other people, at most eight. */
  peers: string[]
  /** Null where the caller has not joined. */
  me: Membership | null
}

export interface Reaction {
  emoji: string
  count: number
  /** The first fifty. */
  by: string[]
}

/** What a thread looks like from its root. */
export interface Replies {
  count: number
  last_at: Micros
  last_n: number
  /** At most three. */
  by: string[]
}

export interface Message {
  id: string
  conversation: string
  seq: Seq
  /** Ordinal in its lane; null for what cannot be unread. */
  n: number | null
  /** The thread's root, for a reply. */
  thread: string | null
  thread_seq: Seq | null
  from: string
  at: Micros
  state: 'live' | 'recalled' | 'deleted' | 'vanished'
  edited_at: Micros | null
  changed_seq: Seq
  /** Only on one's own messages. */
  nonce?: string | undefined
  content: Content
  mentions: string[]
  mention_all: 'all' | 'here' | null
  reactions: Reaction[]
  pinned: { by: string; at: Micros } | null
  replies: Replies | null
  /** It vanishes for both, so many seconds after the other one has read it; `at` once they have. */
  vanish?: { after: number; at: Micros | null }
  /** What it asks its readers to acknowledge; absent in what an earlier version kept on the device. */
  ack?: MessageAck | null
  /** What it is about; a reply's is that of its thread. Absent without one. */
  topic?: TopicRef | null
  /** What its links lead to; comes a moment after the message. */
  previews?: LinkPreview[]
  /** How far a poll is, if it is one. */
  poll?: Poll
}

/** What a link leads to. */
export interface LinkPreview {
  id: string
  url: string
  site: string
  title: string
  description: string
  icon: boolean
  image?: { width: number; height: number; color: string }
}

/** How much people learn about who has read what they wrote. */
export type ReceiptsMode = 'on' | 'count_only' | 'off'

export interface ReceiptsPolicy {
  mode: ReceiptsMode
  /** A message for more people tells only how many have read it. */
  list_limit: number
}

/** How far one message of mine was read. */
export interface Receipt {
  seq: Seq
  read: number
  /** How many it is for. */
  total: number
  /** Who of those mentioned has read it; absent where names are not told. */
  mentioned?: string[]
}

/** Somebody whom a message is for. */
export interface ReceiptPerson {
  id: string
  /** A device of theirs is connected and has it; absent where that is not known. */
  delivered?: true
}

/** Who has read a message, or has not, by name. */
export interface ReceiptPage extends Page<ReceiptPerson> {
  read_count: number
  unread_count: number
  /** Whether the org's policy lets names be told; without it there are no items. */
  names: boolean
}

/** The most that notifications say of a message; the later, the less. */
export interface PushPolicy {
  content: 'full' | 'sender' | 'nothing'
}

/** Whether mails tell people what they missed, and whether they hold what messages say. */
export interface MailPolicy {
  digests: boolean
  texts: boolean
}

export interface Org {
  id: string
  name: string
  /** Absent in what an earlier version kept on the device. */
  receipts?: ReceiptsPolicy
  /** Likewise. */
  push?: PushPolicy
  /** Likewise. */
  mail?: MailPolicy
  /** Likewise. */
  emoji?: EmojiPolicy
  announcements?: { create: 'admins' | 'members' }
  /** Whether messages between two people may vanish. */
  vanishing?: { allowed: boolean }
  [field: string]: unknown
}

export interface Account {
  id: string
  email: string
  locale: string | null
  timezone: string | null
}

export interface OrgSeat {
  org: Org
  principal: Principal
}

export type Settings = Record<string, unknown>

/** `GET /me`. */
export interface Me {
  account: Account
  principal: Principal
  org: Org
  orgs: OrgSeat[]
  settings: Settings
}

export interface Draft {
  conversation: string
  thread: string | null
  text: string
  updated_at: Micros
}

/** The caller's relation to one thread. */
export interface ThreadState {
  root: string
  conversation: string
  root_seq: Seq
  following: boolean
  read_n: number
  last_n: number
}

/** An item of `GET /threads`. */
export interface ThreadItem extends ThreadState {
  message: Message
}

export interface Page<T> {
  items: T[]
  next_cursor: string | null
}

export interface MessagePage {
  items: Message[]
  has_before: boolean
  has_after: boolean
}

export interface Member {
  id: string
  role: 'owner' | 'publisher' | 'member'
  joined_at: Micros
  name: string
  avatar: string | null
  kind: PrincipalKind
  state: PrincipalState
}

export interface MemberPage extends Page<Member> {
  total: number
}

export interface Bootstrap {
  epoch: string
  me: Principal
  org: Org
  cursors: Record<string, Seq>
  conversations: Conversation[]
  people: Principal[]
  drafts: Draft[]
  settings: Settings
}

export interface SessionInfo {
  id: string
  current: boolean
  created_at: Micros
  last_seen_at: Micros
  user_agent: string
  ip: string
}

export type Scope = 'read' | 'write' | 'admin'

export interface Token {
  id: string
  name: string
  scopes: Scope[]
  created_at: Micros
  expires_at: Micros | null
  last_used_at?: Micros | null
}

export interface Invitation {
  id: string
  url?: string | null
  email: string | null
  role: Role
  expires_at: Micros | null
  max_uses: number | null
  uses?: number
  claims?: string | null
  emailed?: boolean
  created_by?: string
  created_at?: Micros
}

/** What the holder of an invitation link may see before joining. */
export interface InvitationPreview {
  org: { name: string }
  role: Role
  email: string | null
  claims: { name: string } | null
  account_exists: boolean
}

export interface Version {
  at: Micros
  content: Content
  [field: string]: unknown
}

/** The systems whose exports can be imported. */
export type ImportSource = 'slack' | 'mattermost' | 'rocketchat'

export interface ImportJob {
  id: string
  source: ImportSource
  state: 'reading' | 'running' | 'done' | 'failed'
  dry_run: boolean
  progress: { done: number; total: number }
  report: Record<string, unknown> | null
  error: { code: string; detail?: string } | string | null
  created_at?: Micros
  finished_at?: Micros | null
}

export interface Setup {
  needed: boolean
  server_version: string
}

/** Where the words of a search stand in a message. */
export interface Snippet {
  /** Without markup. U+FFFC stands for what `refs` names. */
  text: string
  /** `[from, to]` of what was found, as JavaScript counts. */
  ranges: [number, number][]
  /** The ids behind each U+FFFC: `usr_…`, `cnv_…`, `all` or `here`. */
  refs: string[]
  cut_before: boolean
  cut_after: boolean
}

export interface MessageHit {
  message: Message
  conversation: Conversation
  snippet: Snippet
  /** When what was asked for stands in one of its documents: which one, and where. */
  file?: { id: string; snippet: Snippet }
}

/** Whether everything can be found yet. */
export interface IndexState {
  state: 'ready' | 'building'
  done: number
  total: number
}

export interface SearchWarning {
  code:
    | 'unknown_filter'
    | 'unknown_value'
    | 'unknown_person'
    | 'unknown_conversation'
    | 'unknown_date'
    | 'open_quote'
    | 'not_searchable'
    | 'only_excluded'
    | 'query_cut'
  /** The part of the query that it is about. */
  part: string
}

export interface AskedQuery {
  texts: { text: string; phrase: boolean; negated: boolean }[]
  filters: { key: string; value: string; negated: boolean }[]
  warnings: SearchWarning[]
}

export interface MessageHits extends Page<MessageHit> {
  /** How many the index finds; a few of them may turn out not to fit. */
  total: number
  index: IndexState
  query: AskedQuery
}

export interface Everything {
  people: Principal[]
  conversations: Conversation[]
  messages: MessageHits
}
