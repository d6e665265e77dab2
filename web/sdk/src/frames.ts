/** Frames of the gateway and events of the logs, as in `docs/EVENTS.md`. */
import type {
  AckRequest,
  Conversation,
  Draft,
  Membership,
  Message,
  Org,
  Principal,
  Seq,
  Receipt,
  Settings,
  ThreadState,
} from './types'

/** The members of a conversation that a `conversation` event carries. */
export type ConversationPatch = Pick<
  Conversation,
  | 'id'
  | 'name'
  | 'search_key'
  | 'topic'
  | 'purpose'
  | 'archived'
  | 'default'
  | 'history'
  | 'comments'
  | 'vanish_after'
  | 'member_count'
>

export interface MemberChange {
  id: string
  role: 'owner' | 'publisher' | 'member'
  joined_at: number
  state: 'joined' | 'left'
}

/** Payloads by kind; a kind that is not listed advances the cursor and changes nothing. */
export interface EventPayloads {
  message: { message: Message }
  'message.changed': { message: Message }
  reaction: { message: string; message_seq: Seq; emoji: string; by: string; on: boolean; count: number }
  member: { member: MemberChange; member_count: number; message?: Message }
  conversation: { conversation: ConversationPatch; message?: Message }
  'conversation.joined': { conversation: Conversation }
  'conversation.left': { conversation: string }
  membership: { conversation: string; me: Membership; last_n?: number }
  thread: ThreadState
  draft: Draft
  settings: { settings: Settings }
  principal: { principal: Principal }
  org: { org: Org }
}

export type EventKind = keyof EventPayloads

/** One event: its kind and its payload side by side. */
export type LogEvent = { [K in EventKind]: { k: K } & EventPayloads[K] }[EventKind]

/** An item of `changes`: an event's payload under `type`, in its present state. */
export type ChangeItem = { [K in EventKind]: { type: K } & EventPayloads[K] }[EventKind]

export interface Changes {
  items: ChangeItem[]
  upto_seq: Seq
  more: boolean
  reset?: boolean
}

/** The body of a `problem+json` answer. */
export interface ProblemBody {
  type?: string
  title?: string
  status?: number
  code?: string
  detail?: string
  field?: string
  params?: Record<string, unknown>
}

export interface Ack {
  id: string
  seq: Seq
  n: number | null
  at: number
}

export type ByeCode = 'signed_out' | 'deactivated' | 'session_expired' | 'draining' | 'overloaded'

/** How far messages of mine were read, as asked for by a `receipts` command. */
export interface ReceiptsFrame {
  t: 'receipts'
  conv: string
  thread: string | null
  items: Receipt[]
}

/** What waits for my acknowledgement has changed. */
export interface WaitingFrame {
  t: 'waiting'
  why: 'answered' | 'reminder' | 'deadline' | 'urgent' | 'cancelled'
  conv: string
  message: string
  seq: Seq
  from: string | null
}

export type ServerFrame =
  | {
      t: 'hello'
      v: number
      epoch: string
      me: string
      /** Null for an access token. */
      session: string | null
      heartbeat_s: number
      jitter_ms: number
      now: number
    }
  | { t: 'changes'; log: string; items: ChangeItem[]; upto: Seq; more: boolean; reset?: boolean }
  | { t: 'ready' }
  | { t: 'event'; log: string; seq: Seq; ev: LogEvent }
  | { t: 'head'; log: string; seq: Seq }
  | { t: 'typing'; conv: string; by: string; thread?: string | null }
  | { t: 'presence'; online?: string[]; offline?: string[] }
  | ReceiptsFrame
  | WaitingFrame
  | { t: 'ack'; id: number; msg: Ack }
  | { t: 'nack'; id: number | null; problem: ProblemBody }
  | { t: 'ok'; id: number }
  | { t: 'resync' }
  | { t: 'pong' }
  | { t: 'bye'; code: ByeCode; retry_ms?: number }

export type ClientFrame =
  | { t: 'resume'; cursors: Record<string, Seq> }
  | { t: 'catchup'; log: string; after: Seq }
  | {
      t: 'send'
      id: number
      conv: string
      nonce: string
      text: string
      thread?: string
      quote?: string
      confirm_all?: boolean
      ack?: AckRequest
      topic?: string
      files?: string[]
      vanish?: number | undefined
    }
  | { t: 'read'; conv: string; seq: Seq; id?: number }
  | { t: 'thread_read'; root: string; seq: Seq; id?: number }
  | { t: 'typing'; conv: string; thread?: string }
  | { t: 'active'; on: boolean }
  | { t: 'watch'; people: string[] }
  | { t: 'receipts'; conv: string; thread?: string; seqs: Seq[]; id?: number }
  | { t: 'ping' }
