import type { ProblemInit } from '../problem'
import type { Held } from '../sync/model'
import type {
  AckRequest,
  Draft,
  FileRef,
  Me,
  Message,
  Micros,
  Org,
  Principal,
  Seq,
  Settings,
  ThreadState,
} from '../types'

/** A message on its way out. Kept until the server has it, or the person gives it up. */
export interface OutboxEntry {
  nonce: string
  conversation: string
  thread: string | null
  quote: string | null
  text: string
  confirm_all: boolean
  /** It asks its readers to acknowledge it. */
  ack?: AckRequest
  topic?: { id?: string; name: string }
  /** As it was to last when it was written, in seconds after being read; 0: it stays. */
  vanish?: number | undefined
  /** What is sent along; what has no `id` is still uploaded, as the upload of that `key`. */
  files?: OutgoingFile[]
  /** When it was written, rising within a device: the order of sending. */
  at: Micros
  state: 'queued' | 'failed'
  problem?: ProblemInit & { code: string }
}

/** A file that is sent along, and the upload that it comes from. */
export interface OutgoingFile extends FileRef {
  key: string
}

/** The newest messages of one lane, whole up to `cursor` of its conversation's log. */
export interface Tail {
  /** `draftKey(conversation, thread)`. */
  lane: string
  conversation: string
  epoch: string
  cursor: Seq
  items: readonly Message[]
  hasBefore: boolean
  /** When it was last shown, for choosing which to drop. */
  used: number
}

export interface Meta {
  me: string
  epoch: string | null
  org: Org | null
  settings: Settings
  account: Me | null
  /** Cursors of the principal's and the org's log; a conversation's is beside it. */
  cursors: Record<string, Seq>
  /** Read marks that the server has not confirmed: conversation → seq. */
  reads: Record<string, Seq>
}

export interface StoredConversation {
  id: string
  held: Held
  cursor: Seq
}

/** What a start reads at once. */
export interface Stored {
  meta: Meta
  conversations: StoredConversation[]
  people: Principal[]
  threads: ThreadState[]
  drafts: Draft[]
}

/** One consistent write: everything in it is of the same instant. */
export interface Batch {
  /** Replace all conversations and threads by these; tails of others, or of another epoch, go too. */
  replace: boolean
  meta: Meta
  conversations: StoredConversation[]
  /** Conversations left: their tails go too. */
  left: string[]
  people: Principal[]
  /** Drop the others: they may have changed. */
  forgetPeople: boolean
  threads: ThreadState[]
  /** All of them, or null: unchanged. */
  drafts: Draft[] | null
}

/** Where a client keeps what it holds of one org. */
export interface Store {
  /** Whether other tabs of this browser see the same. */
  readonly shared: boolean
  /** Null where nothing is kept, or what is kept is another principal's, which is dropped. */
  load(me: string): Promise<Stored | null>
  save(batch: Batch): Promise<void>
  tail(lane: string): Promise<Tail | undefined>
  saveTail(tail: Tail): Promise<void>
  outbox(): Promise<OutboxEntry[]>
  putOutbox(entry: OutboxEntry): Promise<void>
  deleteOutbox(nonce: string): Promise<void>
  /** Forgets everything. */
  wipe(): Promise<void>
  close(): void
}
