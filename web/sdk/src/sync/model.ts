/**
 * What a client holds of one org, and how events change it. No I/O: feed it a bootstrap and events, read the
 * maps. Conversations are replaced, never mutated, so that a held reference is a snapshot.
 */
import type {
  Bootstrap,
  Conversation,
  Draft,
  Membership,
  Message,
  Org,
  Principal,
  Seq,
  Settings,
  ThreadState,
} from '../types'

/** What a list shows of a conversation's newest message. */
export type Preview = Pick<Message, 'from' | 'at' | 'state' | 'content' | 'vanish'>

/** A joined conversation, and how far its mentions have been counted. */
export interface Held {
  readonly conversation: Conversation & { me: Membership }
  /** Ordinal up to which `me.mentions` counts. */
  readonly countedN: number
  /** Ordinals of mentions counted here since the server's last count, ascending, bounded. */
  readonly mentionNs: readonly number[]
  /** The newest message, of direct and group conversations: null where there is none, absent while unknown. */
  readonly last?: Preview | null
}

export interface Model {
  me: string
  epoch: string | null
  org: Org | null
  /** Position in each log; a log that is absent is not followed. */
  cursors: Map<string, Seq>
  conversations: Map<string, Held>
  threads: Map<string, ThreadState>
  /** By `draftKey`. */
  drafts: Map<string, Draft>
  settings: Settings
}

export function emptyModel(me: string): Model {
  return {
    me,
    epoch: null,
    org: null,
    cursors: new Map(),
    conversations: new Map(),
    threads: new Map(),
    drafts: new Map(),
    settings: {},
  }
}

export function draftKey(conversation: string, thread?: string | null): string {
  return thread ? `${conversation}/${thread}` : conversation
}

/** The conversation that a key of `draftKey` is of. */
export function laneConversation(lane: string): string {
  return lane.split('/', 1)[0] as string
}

/** A joined conversation as the server counted it just now. */
export function hold(conversation: Conversation): Held | null {
  if (!conversation.me) return null
  return {
    conversation: { ...conversation, me: conversation.me },
    countedN: conversation.last_n,
    mentionNs: [],
  }
}

/** Replaces everything by a bootstrap; thread states are learnt again from the log and `GET /threads`. */
export function loadBootstrap(model: Model, boot: Bootstrap): Principal[] {
  model.epoch = boot.epoch
  model.org = boot.org
  model.settings = boot.settings
  model.cursors.clear()
  for (const [log, seq] of Object.entries(boot.cursors)) model.cursors.set(log, seq)
  model.conversations.clear()
  for (const conversation of boot.conversations) {
    const held = hold(conversation)
    if (!held) continue
    model.conversations.set(conversation.id, held)
    // The cursor map is the truth where both are given; a conversation's head is as good where it is not.
    if (!model.cursors.has(conversation.id)) model.cursors.set(conversation.id, conversation.head_seq)
  }
  model.threads.clear()
  model.drafts.clear()
  for (const draft of boot.drafts) model.drafts.set(draftKey(draft.conversation, draft.thread), draft)
  return boot.people
}
