/** A small Weft in memory, for one person and by the contract of `docs/API.md` and `docs/EVENTS.md`. */
import type { ChangeItem, LogEvent } from '../src/frames'
import type { SocketFactory } from '../src/index'
import type { Conversation, Me, Membership, Message, Principal } from '../src/types'
import { FakeSocket } from './fake-socket'
import { route } from './fake-routes'

export const ME = 'usr_me'
export const ORG = 'org_one'

/** What a log keeps for catching up: the present state of what changed, by key. */
interface Log {
  head: number
  changed: Map<string, { seq: number; item: ChangeItem }>
}

export interface FakeConversation {
  id: string
  fields: Omit<Conversation, 'me' | 'head_seq'>
  me: Membership | null
  log: Log
  messages: Message[]
  mentionNs: number[]
}

const newLog = (): Log => ({ head: 0, changed: new Map() })

export class FakeServer {
  epoch = 'epoch-1'
  readonly conversations = new Map<string, FakeConversation>()
  readonly people = new Map<string, Principal>()
  readonly own = newLog()
  readonly orgLog = newLog()
  readonly sockets = new Set<FakeSocket>()
  settings: Record<string, unknown> = {}
  readonly drafts = new Map<
    string,
    { conversation: string; thread: string | null; text: string; updated_at: number }
  >()
  /** Requests seen, as `METHOD /path`. */
  readonly requests: string[] = []
  /** Nonces as they arrived, repeated ones too. */
  readonly nonces: string[] = []
  /** Connections made so far. */
  connections = 0
  /** No answers and no connections. */
  down = false
  /** Answers a request itself, or leaves it. */
  intercept: (method: string, path: string) => Response | Promise<Response> | undefined = () => undefined
  /** What becomes of a live event on its way out. */
  mangle: (frame: unknown) => unknown[] = (frame) => [frame]
  /** No connections, though requests are answered. */
  refuseSockets = false
  /** Refuses the next command of this kind. */
  nack: string | null = null
  /** Swallows commands of clients. */
  deaf = false
  /** Does what it is told, and says nothing. */
  silent = false
  /** Refuses a message. */
  refuse: (frame: { confirm_all?: boolean }) => { status: number; code: string; params?: object } | null =
    () => null
  /** Takes an acknowledgement, to send it later. */
  delayAck: ((send: () => void) => void) | null = null
  #clock = 1_700_000_000_000_000
  #ids = 0

  constructor() {
    this.addPerson(ME, 'Me Myself')
    this.addPerson('usr_ann', 'Ann')
    this.addPerson('usr_bo', '张伟')
  }

  // ── As a client reaches it ──

  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(String(input), 'http://weft.test')
    const method = init?.method ?? 'GET'
    const path = url.pathname.replace('/api/v1', '')
    await Promise.resolve()
    if (this.down) throw new TypeError('fetch failed')
    this.requests.push(`${method} ${path}`)
    const special = await this.intercept(method, path)
    if (special) return special
    const body = typeof init?.body === 'string' ? (JSON.parse(init.body) as Record<string, unknown>) : {}
    return route(this, method, path, url.searchParams, body)
  }

  readonly socket: SocketFactory = () => new FakeSocket(this)

  /** Cuts every connection. */
  cut(): void {
    for (const socket of this.sockets) socket.drop()
  }

  tick(): number {
    return (this.#clock += 1000)
  }

  id(prefix: string): string {
    return `${prefix}_${String(++this.#ids).padStart(6, '0')}`
  }

  // ── What happens in it ──

  addPerson(id: string, name: string): void {
    const kind = 'member' as const
    this.people.set(id, {
      id,
      kind,
      role: 'member',
      state: 'active',
      name,
      title: '',
      avatar: null,
      status: null,
      search_key: name.toLowerCase(),
      email: null,
      timezone: null,
    })
    const principal = this.people.get(id) as Principal
    this.emit(ORG, this.orgLog, `p${id}`, { k: 'principal', principal })
  }

  conversation(
    id: string,
    name: string,
    kind: Conversation['kind'] = 'channel',
    peers: string[] = [],
  ): FakeConversation {
    const at = this.tick()
    const conversation: FakeConversation = {
      id,
      fields: {
        id,
        kind,
        name,
        topic: '',
        purpose: '',
        archived: false,
        default: false,
        history: 'all',
        member_count: 2,
        created_at: at,
        created_by: 'usr_ann',
        last_n: 0,
        last_at: at,
        peers,
      },
      me: null,
      log: newLog(),
      messages: [],
      mentionNs: [],
    }
    this.conversations.set(id, conversation)
    this.join(id)
    return conversation
  }

  get(id: string): FakeConversation {
    const found = this.conversations.get(id)
    if (!found) throw new Error(`no conversation ${id}`)
    return found
  }

  view(conversation: FakeConversation): Conversation {
    const me = conversation.me ? { ...conversation.me } : null
    return { ...conversation.fields, head_seq: conversation.log.head, me }
  }

  join(id: string): void {
    const conversation = this.get(id)
    const { last_n } = conversation.fields
    conversation.me = {
      role: 'member',
      joined_at: this.tick(),
      read_seq: conversation.log.head,
      read_n: last_n,
      unread_from: null,
      mentions: 0,
      muted: false,
      favourite: false,
      section: null,
      hidden: false,
    }
    this.emit(ME, this.own, `j${id}`, { k: 'conversation.joined', conversation: this.view(conversation) })
  }

  leave(id: string): void {
    this.get(id).me = null
    this.emit(ME, this.own, `j${id}`, { k: 'conversation.left', conversation: id })
  }

  post(id: string, from: string, text: string, more: Partial<Message> = {}): Message {
    const conversation = this.get(id)
    const thread = more.thread ?? null
    const lane = conversation.messages.filter((m) => m.thread === thread && m.n !== null)
    const seq = conversation.log.head + 1
    const message: Message = {
      id: this.id('msg'),
      conversation: id,
      seq,
      n: lane.length + 1,
      thread,
      thread_seq: null,
      from,
      at: this.tick(),
      state: 'live',
      edited_at: null,
      changed_seq: seq,
      content: { v: 1, parts: [{ type: 'markdown', text }] },
      mentions: [],
      mention_all: null,
      reactions: [],
      pinned: null,
      replies: null,
      ...more,
    }
    conversation.messages.push(message)
    if (thread === null && message.n !== null) this.#count(conversation, message)
    if (thread !== null) this.#reply(conversation, message)
    this.#emitMessage(conversation, message, 'message')
    return message
  }

  #count(conversation: FakeConversation, message: Message): void {
    conversation.fields.last_n = message.n as number
    conversation.fields.last_at = message.at
    const { me } = conversation
    if (!me) return
    const calls = message.mention_all !== null || message.mentions.includes(ME)
    if (message.from !== ME && calls) {
      conversation.mentionNs.push(message.n as number)
      me.mentions += 1
    }
  }

  #reply(conversation: FakeConversation, reply: Message): void {
    const root = conversation.messages.find((m) => m.id === reply.thread)
    if (!root) return
    const all = conversation.messages.filter((m) => m.thread === root.id)
    const live = all.filter((m) => m.state === 'live')
    const by = [...new Set(live.map((m) => m.from).reverse())].slice(0, 3)
    const last_at = Math.max(0, ...live.map((m) => m.at))
    const last_n = all.at(-1)?.n as number
    root.replies = live.length ? { count: live.length, last_at, last_n, by } : null
  }

  /** Changes a message in place; its present state is what catching up tells. */
  change(id: string, message: string, fields: Partial<Message>): void {
    const conversation = this.get(id)
    const found = conversation.messages.find((m) => m.id === message) as Message
    Object.assign(found, fields, { changed_seq: conversation.log.head + 1 })
    if (found.thread !== null) this.#reply(conversation, found)
    this.#emitMessage(conversation, found, 'message.changed')
  }

  react(id: string, message: string, emoji: string, by: string, on: boolean): void {
    const conversation = this.get(id)
    const found = conversation.messages.find((m) => m.id === message) as Message
    const others = (found.reactions.find((r) => r.emoji === emoji)?.by ?? []).filter((p) => p !== by)
    const next = { emoji, by: on ? [...others, by] : others, count: others.length + (on ? 1 : 0) }
    const at = found.reactions.findIndex((r) => r.emoji === emoji)
    if (at >= 0)
      found.reactions = found.reactions.map((r, i) => (i === at ? next : r)).filter((r) => r.count > 0)
    else if (next.count) found.reactions = [...found.reactions, next]
    found.changed_seq = conversation.log.head + 1
    const ev: LogEvent = { k: 'reaction', message, message_seq: found.seq, emoji, by, on, count: next.count }
    this.emit(id, conversation.log, message, ev, { type: 'message', message: structuredClone(found) })
  }

  rename(id: string, name: string): void {
    const { fields, log } = this.get(id)
    fields.name = name
    const conversation = { ...fields }
    this.emit(id, log, 'conversation', { k: 'conversation', conversation })
  }

  read(id: string, seq: number): void {
    const conversation = this.get(id)
    const lane = conversation.messages.filter((m) => m.thread === null && m.n !== null && m.seq <= seq)
    this.#raise(conversation, Math.min(seq, conversation.log.head), lane.at(-1)?.n ?? 0)
    if (conversation.me) conversation.me.unread_from = null
    this.membership(id, {})
  }

  membership(id: string, fields: Partial<Membership>): void {
    const conversation = this.get(id)
    if (!conversation.me) return
    Object.assign(conversation.me, fields)
    const { last_n } = conversation.fields
    const me = { ...conversation.me }
    this.emit(ME, this.own, `m${id}`, { k: 'membership', conversation: id, me, last_n })
  }

  #raise(conversation: FakeConversation, seq: number, n: number): void {
    const { me } = conversation
    if (!me) return
    me.read_seq = Math.max(me.read_seq, seq)
    me.read_n = Math.max(me.read_n, n)
    conversation.mentionNs = conversation.mentionNs.filter((m) => m > me.read_n)
    me.mentions = conversation.mentionNs.length
  }

  #emitMessage(conversation: FakeConversation, message: Message, k: 'message' | 'message.changed'): void {
    const state = structuredClone(message)
    const item: ChangeItem = { type: 'message', message: state }
    this.emit(conversation.id, conversation.log, message.id, { k, message: state }, item)
  }

  /** Takes the next place in a log and tells the sockets. */
  emit(name: string, log: Log, key: string, ev: LogEvent, item?: ChangeItem): void {
    log.head += 1
    const { k, ...payload } = ev
    const change = item ?? ({ type: k, ...payload } as ChangeItem)
    log.changed.delete(key)
    log.changed.set(key, { seq: log.head, item: change })
    const mine = name === ME || name === ORG || this.get(name).me !== null
    if (!mine) return
    const frame = structuredClone({ t: 'event', log: name, seq: log.head, ev })
    for (const out of this.mangle(frame)) for (const socket of this.sockets) socket.event(out)
  }

  log(name: string): Log | null {
    if (name === ME) return this.own
    if (name === ORG) return this.orgLog
    const conversation = this.conversations.get(name)
    return conversation?.me ? conversation.log : null
  }

  changes(
    name: string,
    after: number,
    limit = 3,
  ): { items: ChangeItem[]; upto: number; more: boolean } | null {
    const log = this.log(name)
    if (!log) return null
    // Present state: a change of a root by a reply shows in its item too.
    const due = [...log.changed.values()].filter((c) => c.seq > after)
    const items = due.slice(0, limit).map((c) => this.#present(name, c.item))
    const more = due.length > limit
    return { items, upto: more ? (due[limit - 1]?.seq ?? after) : log.head, more }
  }

  #present(name: string, item: ChangeItem): ChangeItem {
    if (item.type === 'membership') {
      // Catching up tells of a changed membership by the whole conversation as it is now.
      return structuredClone({
        type: 'conversation.joined',
        conversation: this.view(this.get(item.conversation)),
      })
    }
    if (item.type !== 'message') return structuredClone(item)
    const message = this.get(name).messages.find((m) => m.id === item.message.id) ?? item.message
    return structuredClone({ type: 'message', message })
  }

  get me(): Me {
    const org = { id: ORG, name: 'One' }
    const principal = this.people.get(ME) as Principal
    const account = { id: 'acc_me', email: 'me@weft.test', locale: null, timezone: null }
    return { account, principal, org, orgs: [{ org, principal }], settings: this.settings }
  }
}
