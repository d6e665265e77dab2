/** Applies events to a model. No I/O; answers what it touched, for views and timelines to follow. */
import type { OtherEvent } from '../extend'
import type { EventPayloads, LogEvent } from '../frames'
import type { Draft, Message, Principal, Replies, Seq } from '../types'
import { draftKey, type Held, hold, type Model } from './model'
import { withLast } from './preview'
import { countMessage, mergeMembership } from './unread'

/** What an event touched. */
export type Touch =
  | { t: 'conversation'; id: string }
  | { t: 'joined'; id: string; headSeq: Seq }
  | { t: 'left'; id: string }
  /** `fresh`: counted for the first time, as against changed or seen before. */
  | { t: 'message'; message: Message; fresh: boolean }
  | { t: 'reaction'; conversation: string; seq: Seq; ev: EventPayloads['reaction'] }
  /** The server's count of a thread, asked for after a reply was removed. */
  | { t: 'replies'; root: string; replies: Replies | null }
  | { t: 'member'; conversation: string }
  | { t: 'thread'; root: string }
  | { t: 'draft'; draft: Draft }
  | { t: 'settings' }
  | { t: 'org' }
  | { t: 'principal'; principal: Principal }
  /** A kind that belongs to a part of the client beside the core, or to a later version. */
  | { t: 'other'; ev: OtherEvent }

/**
 * Applies one event of `log`. The cursor is the caller's to advance. A kind from a later version changes
 * nothing.
 */
export function applyEvent(model: Model, log: string, seq: Seq, ev: LogEvent): Touch[] {
  const held = model.conversations.get(log)
  return held ? applyToConversation(model, held, seq, ev) : applyToMine(model, ev)
}

function applyToConversation(model: Model, before: Held, seq: Seq, ev: LogEvent): Touch[] {
  const id = before.conversation.id
  const touches: Touch[] = []
  let held = before
  if (ev.k === 'member') {
    held = patch(held, { member_count: ev.member_count })
    touches.push({ t: 'member', conversation: id })
  } else if (ev.k === 'conversation') {
    const { name, search_key, topic, purpose, archived, history, member_count } = ev.conversation
    held = patch(held, {
      name,
      search_key,
      topic,
      purpose,
      archived,
      history,
      member_count,
      default: ev.conversation.default,
      vanish_after: ev.conversation.vanish_after ?? undefined,
    })
  } else if (ev.k === 'reaction') {
    touches.push({ t: 'reaction', conversation: id, seq, ev })
  } else if ((ev as { k: string }).k === 'topic') {
    touches.push({ t: 'other', ev: ev as unknown as OtherEvent })
  }
  const message = 'message' in ev ? ev.message : undefined
  if (isMessage(message)) {
    const counted = countMessage(held, message, model.me)
    const fresh = message.thread === null ? counted !== held : ev.k === 'message'
    held = withLast(counted, message)
    touches.push({ t: 'message', message, fresh })
    touches.push(...countReply(model, message))
  }
  model.conversations.set(id, patch(held, { head_seq: Math.max(held.conversation.head_seq, seq) }))
  touches.push({ t: 'conversation', id })
  return touches
}

/** Whether this is a message as far as windows and counts need it; its parts may be of any kind. */
function isMessage(value: unknown): value is Message {
  if (typeof value !== 'object' || value === null) return false
  const { id, seq } = value as Partial<Message>
  return typeof id === 'string' && typeof seq === 'number'
}

function patch(held: Held, fields: Partial<Held['conversation']>): Held {
  return { ...held, conversation: { ...held.conversation, ...fields } }
}

function countReply(model: Model, message: Message): Touch[] {
  const state = message.thread === null ? undefined : model.threads.get(message.thread)
  if (!state || message.n === null || message.n <= state.last_n) return []
  const read_n = message.from === model.me ? message.n : state.read_n
  model.threads.set(state.root, { ...state, last_n: message.n, read_n })
  return [{ t: 'thread', root: state.root }]
}

/** Events of the principal's and the org's log. */
function applyToMine(model: Model, ev: LogEvent): Touch[] {
  switch (ev.k) {
    case 'conversation.joined':
      return join(model, ev)
    case 'conversation.left':
      model.conversations.delete(ev.conversation)
      model.cursors.delete(ev.conversation)
      return [{ t: 'left', id: ev.conversation }]
    case 'membership':
      return member(model, ev)
    case 'thread': {
      const known = model.threads.get(ev.root)
      const { root, conversation, root_seq, following } = ev
      const last_n = Math.max(known?.last_n ?? 0, ev.last_n)
      const read_n = Math.max(known?.read_n ?? 0, ev.read_n)
      model.threads.set(root, { root, conversation, root_seq, following, read_n, last_n })
      return [{ t: 'thread', root }]
    }
    case 'draft': {
      const { conversation, thread, text, updated_at } = ev
      const draft = { conversation, thread, text, updated_at }
      if (text === '') model.drafts.delete(draftKey(conversation, thread))
      else model.drafts.set(draftKey(conversation, thread), draft)
      return [
        { t: 'draft', draft },
        { t: 'conversation', id: conversation },
      ]
    }
    case 'settings':
      model.settings = ev.settings
      return [{ t: 'settings' }]
    case 'principal':
      return typeof ev.principal.id === 'string' ? [{ t: 'principal', principal: ev.principal }] : []
    case 'org':
      model.org = ev.org
      return [{ t: 'org' }]
    default:
      return [{ t: 'other', ev }]
  }
}

function join(model: Model, ev: EventPayloads['conversation.joined']): Touch[] {
  const { conversation } = ev
  const theirs = hold(conversation)
  if (!theirs) return []
  const ours = model.conversations.get(conversation.id)
  if (ours) {
    // Told again of a conversation that is held: its own log may be further on here, or less far.
    const merged = mergeMembership(ours, theirs.conversation.me, conversation.last_n)
    const ahead = ours.conversation.head_seq > conversation.head_seq
    const fields = ahead ? ours.conversation : conversation
    model.conversations.set(conversation.id, {
      ...merged,
      conversation: { ...fields, me: merged.conversation.me },
    })
  } else {
    model.conversations.set(conversation.id, theirs)
  }
  return [
    { t: 'joined', id: conversation.id, headSeq: conversation.head_seq },
    { t: 'conversation', id: conversation.id },
  ]
}

function member(model: Model, ev: EventPayloads['membership']): Touch[] {
  const held = model.conversations.get(ev.conversation)
  if (!held) return []
  const merged = mergeMembership(held, ev.me, ev.last_n ?? held.countedN)
  model.conversations.set(ev.conversation, merged)
  return [{ t: 'conversation', id: ev.conversation }]
}
