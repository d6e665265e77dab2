import { Acks } from './acks'
import { Actions } from './actions'
import type { Api } from './api'
import type { MembershipPatch } from './api/conversations'
import { Drafts } from './drafts'
import { Engine } from './engine'
import { type ExtensionHost, Extensions } from './extend'
import type { ConnectionState } from './gateway/connection'
import { Marks } from './marks'
import { setMembership } from './memberships'
import { Cell, type Observable } from './observable'
import type { MessageListener, WeftOptions } from './options'
import { type PeopleIndex, People } from './people'
import { Persister } from './persist'
import { Presence, Typing } from './presence'
import { Receipts } from './receipts'
import { type LocalMessage, type Outgoing, Sending } from './sending'
import { Previews } from './previews'
import { SettingsSync } from './settings'
import { openStore } from './store/open'
import type { Meta, Store, Stored } from './store/store'
import type { Touch } from './sync/apply'
import { draftKey, emptyModel, type Model } from './sync/model'
import { lead, openTabs, type Tabs } from './tabs'
import { Threads } from './threads'
import type { Timeline } from './timeline'
import { Timelines } from './timelines'
import type { ForwardMode, Me, Message, Org, Principal, Seq, Settings } from './types'
import { Uploads } from './uploads'
import { type ConversationView, type OutgoingViews, type UnreadTotal, Views } from './views'

/** One signed-in person in one org: what is known, kept in step with the server, offline too. */
export class Weft {
  readonly api: Api
  readonly org: string
  readonly me: string
  readonly connection: Observable<ConnectionState>
  readonly conversations: Observable<readonly ConversationView[]>
  readonly unreadTotal: Observable<UnreadTotal>
  readonly people: PeopleIndex
  readonly threads: Threads
  /** Who has read what I wrote. */
  readonly receipts: Receipts
  readonly acks: Acks
  /** Files on their way to the server. */
  readonly uploads: Uploads
  readonly #model: Model
  readonly #store: Store
  readonly #engine: Engine
  readonly #people: People
  readonly #views: Views
  readonly #timelines: Timelines
  readonly #sending: Sending
  readonly #actions: Actions
  readonly #persister: Persister
  readonly #marks: Marks
  readonly #previews: Previews
  readonly #drafts: Drafts
  readonly #presence: Presence
  readonly #typing = new Typing()
  readonly #settings: SettingsSync
  readonly #meView: Cell<Me>
  readonly #memberChanges = new Map<string, Cell<number>>()
  readonly #onMessage = new Set<MessageListener>()
  readonly #extensions = new Extensions((frame) => this.#engine.connection.send(frame))
  #tabs: Tabs | null = null
  #unlead: () => void = () => {}
  #closed = false

  /**
   * Opens one org. Answers at once where the device holds it already, and catches up in the background; else
   * loads it first, and rejects with a `Problem` where that fails.
   */
  static async open(options: WeftOptions): Promise<Weft> {
    const me = typeof options.me === 'string' ? options.me : options.me.principal.id
    const store = await openStore(options.org, me, options.storage ?? 'indexeddb')
    const stored = await store.load(me).catch(() => null)
    const account = typeof options.me === 'string' ? (stored?.meta.account ?? null) : options.me
    const known = account ?? (await options.api.withOrg(options.org).me.get())
    const weft = new Weft(options, store, known)
    await weft.#start(stored)
    return weft
  }

  private constructor(options: WeftOptions, store: Store, me: Me) {
    this.api = options.api.http.org === options.org ? options.api : options.api.withOrg(options.org)
    this.org = options.org
    this.me = me.principal.id
    this.#store = store
    this.#model = emptyModel(this.me)
    this.#meView = new Cell(me)
    this.people = this.#people = new People(this.api)
    const outgoing: OutgoingViews = {
      hasFailed: (id) => this.#sending.hasFailed(id),
      newest: (id) => this.#sending.newest(id),
    }
    this.#views = new Views(this.#model, this.#people, outgoing, options.joinNames)
    const touched = (id: string): void => this.#conversationTouched(id)
    this.conversations = this.#views.list
    this.unreadTotal = this.#views.total
    this.#persister = new Persister(store, this.#model, () => this.#meta())
    this.#people.onChange = (principal) => this.#learnt(principal)
    this.#timelines = new Timelines({
      api: this.api,
      held: (id) => this.#model.conversations.get(id),
      cursor: (id) => this.#model.cursors.get(id),
      epoch: () => this.#model.epoch,
      pending: (lane) => this.#sending.inLane(lane),
      tail: (lane) => store.tail(lane),
      saveTail: (tail) => void store.saveTail(tail).catch(() => undefined),
    })
    this.#actions = new Actions(this.api, this.me, this.#timelines)
    this.#engine = new Engine(this.api, this.#model, options.socket, {
      touched: (touch, live) => this.#touched(touch, live),
      rebuilt: (people) => this.#rebuilt(people),
      gap: (log) => this.#timelines.reset(log),
      peopleChanged: () => {
        this.#people.expire()
        this.#persister.forgetPeople()
        this.#views.touchAll()
      },
      live: () => this.#live(),
      disconnected: () => this.#presence.disconnected(),
      frame: (frame) => {
        if (frame.t === 'typing') this.#typing.saw(draftKey(frame.conv, frame.thread), frame.by)
        if (frame.t === 'presence') this.#presence.update(frame.online, frame.offline)
        if (frame.t === 'receipts') this.receipts.update(frame)
        this.#extensions.frame(frame)
      },
      signedOut: (revoked) => void this.#signedOut(revoked),
    })
    const { connection } = this.#engine
    this.connection = connection.state
    this.uploads = new Uploads(this.api, `weft.uploads.${this.org}.${this.me}`)
    this.#sending = new Sending(this.api, this.me, store, connection, {
      changed: touched,
      uploaded: (files) => this.uploads.uploaded(files),
      sent: (message) => {
        this.#actions.learn(message)
        if (message.thread === null) this.#marks.sent(message.conversation, message.seq)
      },
    })
    this.#presence = new Presence((people) => connection.send({ t: 'watch', people }))
    this.receipts = new Receipts((frame) => connection.send(frame))
    this.acks = this.extend('acks', (host) => new Acks(host))
    this.#marks = new Marks(this.api, connection, this.#model, this.#timelines, touched)
    this.#previews = new Previews(this.api, this.#model, touched)
    this.threads = new Threads(this.api, this.#model, (root) => this.#persister.thread(root))
    this.#settings = new SettingsSync(this.api, this.#model, () => this.#persister.touch())
    this.#drafts = new Drafts(this.api, this.#model, (id) => {
      touched(id)
      this.#persister.drafts()
    })
  }

  async #start(stored: Stored | null): Promise<void> {
    if (stored) this.#restore(stored)
    await this.#sending.outbox.load().catch(() => undefined)
    const name = `weft:${this.org}:${this.me}`
    this.#tabs = openTabs(name, (message) => {
      if (message.t === 'wiped') void this.#signedOut(false)
      else if (!this.#store.shared) return
      else if (message.t === 'outbox') this.#sending.outbox.told(message.entry)
      else this.#sending.outbox.toldDone(message.nonce, message.ack)
    })
    this.#sending.outbox.connect(this.#tabs)
    this.#engine.connection.start()
    try {
      if (!stored) await this.#engine.bootstrap()
    } catch (error) {
      this.close()
      throw error
    }
    // What no other tab can see, no other tab can send.
    this.#unlead = lead(this.#store.shared ? name : null, () => {
      if (this.#closed) return
      this.#persister.lead(!stored)
      this.#sending.outbox.lead()
    })
    this.#sending.outbox.pause(false)
    globalThis.addEventListener?.('pagehide', this.#flush)
  }

  #restore(stored: Stored): void {
    const { meta, conversations, people, threads, drafts } = stored
    const model = this.#model
    model.epoch = meta.epoch
    model.org = meta.org
    model.settings = meta.settings
    for (const [log, seq] of Object.entries(meta.cursors)) model.cursors.set(log, seq)
    for (const { id, held, cursor } of conversations) {
      model.conversations.set(id, held)
      model.cursors.set(id, cursor)
    }
    for (const thread of threads) model.threads.set(thread.root, thread)
    for (const draft of drafts) model.drafts.set(draftKey(draft.conversation, draft.thread), draft)
    this.#marks.restore(meta.reads)
    this.#people.learn(people)
    this.#settings.refresh()
    // The stored org is as new as the cursors; the account handed in may be older.
    this.#orgTouched(meta.org)
    this.#views.touchAll()
  }

  #meta(): Meta {
    const { epoch, org, settings, cursors, conversations } = this.#model
    const own = [...cursors].filter(([log]) => !conversations.has(log))
    const account = this.#meView.get()
    const reads = this.#marks.pending
    return { me: this.me, epoch, org, settings, account, cursors: Object.fromEntries(own), reads }
  }

  /** A joined conversation; undefined where it is not joined. */
  conversation(id: string): Observable<ConversationView | undefined> {
    return this.#views.one(id)
  }

  /** Asks for a direct or group conversation's newest message, where its view lacks it. */
  preview(id: string): void {
    this.#previews.want(id)
  }

  /** A person; fetched when first asked for, together with others of the same moment. */
  person(id: string): Observable<Principal | undefined> {
    return this.#people.person(id)
  }

  /** Whether a watched person is online. */
  presence(id: string): Observable<boolean> {
    return this.#presence.of(id)
  }

  /** Watches the presence of people until the returned function is called. */
  watch(ids: readonly string[]): () => void {
    return this.#presence.watch(ids)
  }

  /** The messages of a conversation, or the replies of a thread. Calls for the same lane share one. */
  timeline(conversation: string, thread?: string | null): Timeline {
    return this.#timelines.get(conversation, thread ?? null)
  }

  /** Ids of the people typing. */
  typingIn(conversation: string, thread?: string | null): Observable<string[]> {
    return this.#typing.inLane(draftKey(conversation, thread))
  }

  /** A number that rises whenever the members of a conversation change. */
  memberChanges(conversation: string): Observable<number> {
    let cell = this.#memberChanges.get(conversation)
    if (!cell) this.#memberChanges.set(conversation, (cell = new Cell(0)))
    return cell
  }

  /** Calls `fn` for each message that comes in while connected, own ones too, until the returned is called. */
  onMessage(fn: MessageListener): () => void {
    this.#onMessage.add(fn)
    return () => this.#onMessage.delete(fn)
  }

  /** The part of the client called `key`, made when it is first asked for; it lives as long as this. */
  extend<T>(key: string, make: (host: ExtensionHost) => T): T {
    return this.#extensions.get(key, this.api, this.me, this.org, make)
  }

  get settings(): Observable<Settings> {
    return this.#settings.cell
  }

  /** My account, principal and orgs. */
  get meView(): Observable<Me> {
    return this.#meView
  }

  /** Shows a message at once, and sends it as soon as it can be, exactly once. */
  send(conversation: string, outgoing: Outgoing): LocalMessage {
    return this.#sending.send(conversation, outgoing)
  }

  /** Sends a failed message again, as the same message. */
  retry(nonce: string, options: { confirmAll?: boolean } = {}): void {
    this.#sending.retry(nonce, options.confirmAll)
  }

  /** Gives up a message that has not been sent. */
  discard(nonce: string): void {
    void this.#sending.outbox.discard(nonce)
  }

  edit(message: Message, text: string): Promise<void> {
    return this.#actions.edit(message, text)
  }

  recall(message: Message): Promise<void> {
    return this.#actions.recall(message)
  }

  remove(message: Message): Promise<void> {
    return this.#actions.remove(message)
  }

  /** Shows the reaction at once; takes it back where the server refuses. */
  react(message: Message, emoji: string, on: boolean): Promise<void> {
    return this.#actions.react(message, emoji, on)
  }

  pin(message: Message, on: boolean): Promise<void> {
    return this.api.messages.pin(message.id, on)
  }

  /** Copies messages of one conversation into others, with a text of one's own. */
  forward(messages: readonly Message[], to: string[], mode: ForwardMode, text?: string): Promise<void> {
    return this.#actions.forward(messages, to, mode, text)
  }

  /** Everything up to `seq` is read. */
  markRead(conversation: string, seq: Seq): void {
    this.#marks.read(conversation, seq)
  }

  markUnread(conversation: string, fromSeq: Seq): Promise<void> {
    return this.#marks.unread(conversation, fromSeq)
  }

  markAllRead(): Promise<void> {
    return this.#marks.all()
  }

  setMembership(conversation: string, patch: MembershipPatch): Promise<void> {
    return setMembership(this.api, this.#model, conversation, patch, (id) => this.#conversationTouched(id))
  }

  setDraft(conversation: string, text: string, thread?: string | null): void {
    this.#drafts.set(conversation, text, thread)
  }

  draft(conversation: string, thread?: string | null): string {
    return this.#drafts.get(conversation, thread)
  }

  /** Call on every keystroke; the server hears at most one in three seconds. */
  typing(conversation: string, thread?: string | null): void {
    if (!this.#typing.mayTell(draftKey(conversation, thread), Date.now())) return
    this.#engine.connection.send({ t: 'typing', conv: conversation, ...(thread ? { thread } : {}) })
  }

  /** Sets one setting on all my devices; null removes it. */
  setSetting(key: string, value: unknown): Promise<void> {
    return this.#settings.set(key, value)
  }

  /** Stops; what is held stays on the device. */
  close(): void {
    if (this.#closed) return
    this.#flush()
    this.#closed = true
    this.#stop('offline')
    void this.#persister.flush().finally(() => {
      this.#persister.close()
      this.#store.close()
    })
  }

  /** Stops and removes everything of this org from the device, in the other tabs too. */
  async wipe(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#tabs?.post({ t: 'wiped' })
    this.#stop('signed_out')
    this.#persister.close()
    this.#sending.outbox.clear()
    this.uploads.clear()
    this.#people.clear()
    await this.#store.wipe()
    this.#store.close()
  }

  #stop(state: 'offline' | 'signed_out'): void {
    globalThis.removeEventListener?.('pagehide', this.#flush)
    this.#engine.connection.stop(state)
    this.#sending.outbox.close()
    this.uploads.close()
    this.#unlead()
    this.#tabs?.close()
    this.#views.close()
    this.#timelines.close()
    this.#typing.clear()
    this.receipts.close()
    this.#extensions.close(state === 'signed_out')
    this.#marks.clear()
    this.#previews.clear()
    this.#drafts.clear()
  }

  readonly #flush = (): void => {
    this.#timelines.flush()
    void this.#drafts.flush()
    void this.#persister.flush()
  }

  async #signedOut(revoked: boolean): Promise<void> {
    this.#sending.outbox.pause(true)
    if (revoked) await this.wipe().catch(() => undefined)
    else this.#engine.connection.stop('signed_out')
  }

  #touched(touch: Touch, live: boolean): void {
    this.#persister.touch()
    switch (touch.t) {
      case 'conversation':
        return this.#conversationTouched(touch.id)
      case 'joined':
      case 'replies':
        return
      case 'left':
        this.#views.touch(touch.id)
        this.#timelines.drop(touch.id)
        // A guest who leaves is taken to watch nobody.
        this.#presence.renew()
        return this.#persister.left(touch.id)
      case 'message':
        this.#extensions.message(touch.message, live)
        return this.#messageTouched(touch, live)
      case 'reaction':
        return this.#timelines.apply(touch.conversation, touch)
      case 'member': {
        const cell = this.#memberChanges.get(touch.conversation)
        return cell?.set(cell.get() + 1)
      }
      case 'thread':
        this.threads.touch(touch.root)
        return this.#persister.thread(touch.root)
      case 'draft':
        this.#drafts.arrived(touch.draft)
        return this.#persister.drafts()
      case 'settings':
        return this.#settings.refresh()
      case 'org':
        return this.#orgTouched(this.#model.org)
      case 'principal':
        return this.#people.learn([touch.principal])
      case 'other':
        this.#timelines.other(touch)
        return this.#extensions.event(touch.ev, live)
    }
  }

  #messageTouched(touch: Extract<Touch, { t: 'message' }>, live: boolean): void {
    const { message } = touch
    this.#timelines.apply(message.conversation, touch)
    if (message.thread !== null && message.state !== 'live') this.#actions.recount(message.thread)
    this.#typing.stopped(draftKey(message.conversation, message.thread), message.from)
    const { nonce, id, seq, n, at } = message
    if (nonce !== undefined && message.from === this.me) this.#sending.outbox.seen(nonce, { id, seq, n, at })
    const view = live && touch.fresh ? this.#views.one(message.conversation).get() : undefined
    if (view) for (const fn of this.#onMessage) fn(message, view)
  }

  #conversationTouched(id: string): void {
    this.#views.touch(id)
    this.#timelines.refresh(id)
    this.#persister.conversation(id)
  }

  #orgTouched(org: Org | null): void {
    if (!org) return
    const me = this.#meView.get()
    const orgs = me.orgs.map((seat) => (seat.org.id === org.id ? { ...seat, org } : seat))
    this.#meView.set({ ...me, org, orgs })
  }

  #learnt(principal: Principal): void {
    this.#persister.person(principal)
    this.#views.renamed(principal.id)
    if (principal.id === this.me) this.#meView.set({ ...this.#meView.get(), principal })
  }

  #rebuilt(people: Principal[]): void {
    this.#people.learn(people)
    this.#settings.refresh()
    this.#orgTouched(this.#model.org)
    this.#views.touchAll()
    this.threads.touchAll()
    this.#timelines.resetAll()
    this.#persister.replaced()
  }

  #live(): void {
    this.uploads.hurry()
    this.#presence.renew()
    this.receipts.reconnected()
    this.#extensions.live()
    this.#people.retryMissing()
    this.#sending.outbox.hurry()
    this.#marks.flush()
    this.#previews.reconnected()
    void this.#drafts.flush()
    this.#timelines.reconnected()
  }
}
