import type { Api } from './api'
import type { MessageQuery } from './api/messages'
import { Derived, type Observable } from './observable'
import { Problem } from './problem'
import type { Tail } from './store/store'
import type { Touch } from './sync/apply'
import { draftKey, type Held } from './sync/model'
import * as win from './sync/window'
import type { Message, MessagePage, Micros, Seq, Topic } from './types'

/** A message as it is shown, from the moment it is written. */
export interface TimelineItem {
  /** Nonce or id; the same from writing through sending to the log. */
  key: string
  message: Message
  state: 'sending' | 'sent' | 'failed'
  problem?: Problem
}

export interface TimelineView {
  items: readonly TimelineItem[]
  hasBefore: boolean
  hasAfter: boolean
  loading: 'before' | 'after' | 'initial' | null
  error: Problem | null
  /** First unread message, as far as the window knows; moves as reading does: keep it on entering. */
  firstUnreadSeq: Seq | null
}

export type JumpTarget = { seq: Seq } | { at: Micros } | 'newest' | 'firstUnread'

/** A window over a conversation's messages, or a thread's replies. */
export interface Timeline {
  readonly conversation: string
  /** The thread's root; null for the main flow. */
  readonly thread: string | null
  readonly view: Observable<TimelineView>
  loadBefore(): Promise<void>
  loadAfter(): Promise<void>
  jumpTo(target: JumpTarget): Promise<void>
  /** Applies what happened in this conversation. */
  apply(touch: Touch): void
}

/** What a timeline needs of its client. */
export interface TimelineHost {
  readonly api: Api
  held(conversation: string): Held | undefined
  cursor(conversation: string): Seq | undefined
  epoch(): string | null
  /** Messages on their way out, in order. */
  pending(lane: string): readonly TimelineItem[]
  tail(lane: string): Promise<Tail | undefined>
  saveTail(tail: Tail): void
}

export const MAX_ITEMS = 2000
const FIRST_PAGE = 50
const PAGE = 100
const TAIL_ITEMS = 200
/** Pages of changes that a stored tail may be behind before it is cheaper to start anew. */
const MAX_CATCHUP_PAGES = 5
const CATCHUP_LIMIT = 200

const sentItems = new WeakMap<Message, TimelineItem>()

function sent(message: Message): TimelineItem {
  let item = sentItems.get(message)
  if (!item) sentItems.set(message, (item = { key: message.nonce ?? message.id, message, state: 'sent' }))
  return item
}

export class LiveTimeline implements Timeline {
  readonly conversation: string
  readonly thread: string | null
  /** The topic whose messages it shows, or `none`; null for others. */
  readonly topic: string | null
  readonly lane: string
  readonly view: Derived<TimelineView>
  readonly #host: TimelineHost
  // Nothing is known yet on either side.
  #window: win.Window = { items: [], hasBefore: true, hasAfter: true }
  #loading: TimelineView['loading'] = 'initial'
  #error: Problem | null = null
  /** Touches since the page under way was asked for, to be applied to it as well. */
  #during: Touch[] | null = null
  /** Raised by each jump, so that an older load's answer is dropped. */
  #generation = 0
  /** Whether the window is whole up to the cursor. */
  #current = false
  #last: TimelineView | null = null
  /** Told after each change of the window, to save it. */
  onChange: () => void = () => {}

  constructor(host: TimelineHost, conversation: string, part: string | null) {
    this.#host = host
    this.conversation = conversation
    const topic = part === 'none' || part?.startsWith('top_') === true
    this.thread = topic ? null : part
    this.topic = topic ? part : null
    this.lane = draftKey(conversation, part)
    this.view = new Derived(() => this.#compute())
    void this.#open()
  }

  async loadBefore(): Promise<void> {
    const first = this.#window.items[0]
    if (this.#loading || !first || !this.#window.hasBefore) return
    await this.#load('before', { before_seq: first.seq, limit: PAGE }, (page) =>
      win.evict(win.join(this.#window, page, 'before'), MAX_ITEMS, 'last'),
    )
  }

  async loadAfter(): Promise<void> {
    const last = this.#window.items.at(-1)
    if (this.#loading || !last || !this.#window.hasAfter) return
    await this.#load('after', { after_seq: last.seq, limit: PAGE }, (page) =>
      win.evict(win.join(this.#window, page, 'after'), MAX_ITEMS, 'first'),
    )
  }

  async jumpTo(target: JumpTarget): Promise<void> {
    if (this.#reaches(target)) return
    const query = this.#queryFor(target)
    if (!query) return
    this.#generation += 1
    await this.#load('initial', query, win.fromPage)
  }

  apply(touch: Touch): void {
    this.#during?.push(touch)
    const next = this.#applied(this.#window, touch)
    if (next === this.#window) return
    // While a reader is at the old end, the newest are dropped by `loadBefore`; here the oldest are.
    this.#window = win.evict(next, MAX_ITEMS, 'first')
    this.view.invalidate()
    this.onChange()
  }

  /** The outbox or the read mark changed. */
  refresh(): void {
    this.view.invalidate()
  }

  /** The log was cut off (`reset`) or the epoch changed: what is held may have holes. */
  reset(): void {
    this.#current = false
    void this.jumpTo('newest')
  }

  /** The connection is back: finish what failed without it. */
  reconnected(): void {
    if (this.#error || (!this.#current && !this.#loading)) void this.#open()
  }

  /** The newest messages, where this window holds them whole. */
  snapshot(): Tail | null {
    const cursor = this.#host.cursor(this.conversation)
    const epoch = this.#host.epoch()
    if (!this.#current || this.#window.hasAfter || cursor === undefined || epoch === null) return null
    const { items, hasBefore } = win.evict(this.#window, TAIL_ITEMS, 'first')
    const { lane, conversation } = this
    // What vanishes is never written down: from there on the server is asked again.
    const end = items.find((message) => message.vanish)?.seq
    const upto = end ? end - 1 : cursor
    const kept = items.slice(0, end && win.lowerBound(items, end))
    return { lane, conversation, epoch, cursor: upto, items: kept, hasBefore, used: Date.now() }
  }

  /** Ordinal of the last message at or before `seq`, where the window knows it. */
  ordinalAt(seq: Seq): number | undefined {
    const end = win.lowerBound(this.#window.items, seq + 1)
    return this.#window.items.slice(0, end).findLast((m) => m.n !== null)?.n ?? undefined
  }

  findById(id: string): Message | undefined {
    return this.#window.items.find((m) => m.id === id)
  }

  /** Starts from what is stored, brought up to date; else from the newest page. */
  async #open(): Promise<void> {
    const generation = ++this.#generation
    this.#during = []
    const tail = await this.#host.tail(this.lane).catch(() => undefined)
    if (generation !== this.#generation) return
    if (tail && tail.epoch === this.#host.epoch() && (tail.items.length > 0 || !tail.hasBefore)) {
      this.#window = { items: tail.items, hasBefore: tail.hasBefore, hasAfter: false }
      this.#replay()
      this.#during = []
      this.view.invalidate()
      const done = await this.#catchUp(tail.cursor, generation).catch((error: unknown) => Problem.of(error))
      if (generation !== this.#generation) return
      if (done === true) return this.#settled(null)
      if (done !== false) return this.#settled(done.transient ? null : done, false)
    }
    await this.#load('initial', { limit: FIRST_PAGE }, win.fromPage)
  }

  /** Brings a stored tail from `cursor` to the present; false where it is too far behind. */
  async #catchUp(cursor: Seq, generation: number): Promise<boolean> {
    let at = cursor
    for (let page = 0; page < MAX_CATCHUP_PAGES; page++) {
      const goal = this.#host.cursor(this.conversation)
      if (goal !== undefined && at >= goal) return true
      const { items, upto_seq, more, reset } = await this.#host.api.conversations.changes(
        this.conversation,
        at,
        CATCHUP_LIMIT,
      )
      if (generation !== this.#generation) return true
      if (reset) return false
      for (const item of items) {
        if ('message' in item && typeof item.message === 'object') {
          this.apply({ t: 'message', message: item.message, fresh: false })
        } else if ('topic' in item) this.apply({ t: 'other', ev: { k: 'topic', topic: item.topic } })
      }
      if (!more) return true
      at = upto_seq
    }
    return false
  }

  async #load(
    kind: 'before' | 'after' | 'initial',
    query: MessageQuery,
    merge: (page: MessagePage) => win.Window,
  ): Promise<void> {
    const generation = this.#generation
    this.#loading = kind
    this.#error = null
    this.#during = []
    this.view.invalidate()
    try {
      const page = await this.#host.api.messages.page(this.conversation, {
        ...query,
        ...(this.thread ? { thread: this.thread } : {}),
        ...(this.topic ? { topic: this.topic } : {}),
      })
      if (generation !== this.#generation) return
      this.#window = merge(page)
      this.#replay()
      this.#settled(null)
    } catch (error) {
      if (generation === this.#generation) this.#settled(Problem.of(error), this.#current)
    }
  }

  #settled(error: Problem | null, current = true): void {
    this.#loading = null
    this.#error = error
    this.#during = null
    this.#current = current
    this.view.invalidate()
    this.onChange()
  }

  #replay(): void {
    for (const touch of this.#during ?? []) this.#window = this.#applied(this.#window, touch)
  }

  #applied(window: win.Window, touch: Touch): win.Window {
    if (touch.t === 'message') {
      const { message } = touch
      if (message.thread === null && !win.isAbout(message, this.topic)) return win.remove(window, message)
      if (message.thread === this.thread) return win.upsert(window, message)
      if (this.thread !== null || message.thread === null) return window
      return this.#replace(window, message.thread, (root) => win.withReply(root, message))
    }
    if (touch.t === 'replies') {
      return this.#replace(window, touch.root, (root) => ({ ...root, replies: touch.replies }))
    }
    if (touch.t === 'other') return win.withTopic(window, touch.ev['topic'] as Topic)
    if (touch.t !== 'reaction') return window
    return this.#replace(window, touch.ev.message, (m) => win.withReaction(m, touch.ev, touch.seq))
  }

  #replace(window: win.Window, id: string, change: (message: Message) => Message): win.Window {
    const index = window.items.findLastIndex((m) => m.id === id)
    const present = window.items[index]
    if (!present) return window
    const next = change(present)
    return next === present ? window : win.replaceAt(window, index, next)
  }

  /** Whether the window has the target already, so that there is only to scroll. */
  #reaches(target: JumpTarget): boolean {
    if (!this.#current) return false
    if (target === 'newest') return !this.#window.hasAfter
    if (target === 'firstUnread') return this.#firstUnread() !== null
    return 'seq' in target && win.find(this.#window, target.seq) !== undefined
  }

  #queryFor(target: JumpTarget): MessageQuery | null {
    if (target === 'newest') return { limit: FIRST_PAGE }
    if (target === 'firstUnread') {
      const me = this.#host.held(this.conversation)?.conversation.me
      return me ? { around_seq: me.unread_from ?? me.read_seq + 1, limit: FIRST_PAGE } : null
    }
    return 'seq' in target
      ? { around_seq: target.seq, limit: FIRST_PAGE }
      : { at: target.at, limit: FIRST_PAGE }
  }

  #compute(): TimelineView {
    const { items, hasBefore, hasAfter } = this.#window
    const view: TimelineView = {
      items: this.#shownItems(),
      hasBefore: hasBefore && items.length > 0,
      hasAfter: hasAfter && items.length > 0,
      loading: this.#loading,
      error: this.#error,
      firstUnreadSeq: this.#firstUnread(),
    }
    const last = this.#last
    const keys = Object.keys(view) as (keyof TimelineView)[]
    return last && keys.every((key) => last[key] === view[key]) ? last : (this.#last = view)
  }

  /** The window, and what is on its way; the same array while both are the same. */
  #shownItems(): readonly TimelineItem[] {
    const { items, hasAfter } = this.#window
    const shown = items.map(sent)
    // Before anything is loaded, what I write is all there is to show.
    if (!hasAfter || items.length === 0) {
      const keys = new Set(shown.slice(-PAGE).map((item) => item.key))
      for (const item of this.#host.pending(this.lane)) if (!keys.has(item.key)) shown.push(item)
    }
    const last = this.#last?.items
    const same = last?.length === shown.length && shown.every((item, i) => item === last[i])
    return same ? last : shown
  }

  #firstUnread(): Seq | null {
    const me = this.#host.held(this.conversation)?.conversation.me
    if (!me || this.thread !== null || this.topic !== null) return null
    if (me.unread_from !== null) return me.unread_from
    const from = win.lowerBound(this.#window.items, me.read_seq + 1)
    // Where the first unread lies before the window, the window's first would be a wrong answer.
    if (from === 0 && this.#window.hasBefore) return null
    for (let i = from; i < this.#window.items.length; i++) {
      const message = this.#window.items[i] as Message
      if (message.n !== null && message.n > me.read_n) return message.seq
    }
    return null
  }
}
