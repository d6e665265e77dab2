import type { Api } from './api'
import { seg } from './api/http'
import type { ExtensionHost } from './extend'
import { Cell, type Observable } from './observable'
import { Problem } from './problem'
import type { Message, Page, Seq, ThreadRoot, Topic, TopicItem, TopicPage } from './types'
import type { Weft } from './weft'

const SOON_MS = 250
const PAGE = 100

/** The topics of a conversation, as far as they were asked for; what was last spoken of comes first. */
export interface TopicsView {
  items: readonly TopicItem[]
  /** Unread messages without a topic. */
  unreadWithout: number
  /** Nothing is known yet. */
  loading: boolean
  problem: Problem | null
  /** Where the next page begins; null when all are here. */
  next: string | null
}

const NOTHING: TopicsView = { items: [], unreadWithout: 0, loading: true, problem: null, next: null }

interface Held {
  cell: Cell<TopicsView>
  timer?: ReturnType<typeof setTimeout> | undefined
  stale: boolean
}

/** Topics of conversations: what the server said last, asked again when something happened. */
export class Topics {
  readonly #api: Api
  readonly #held = new Map<string, Held>()
  readonly #happened = new Map<string, Cell<number>>()
  #closed = false

  constructor(host: ExtensionHost) {
    this.#api = host.api
    host.onEvent((event) => {
      const of = event.k === 'topic' ? (event['topic'] as Topic).conversation : event['conversation']
      if ((event.k === 'topic' || event.k === 'topic.read') && typeof of === 'string') this.#soon(of)
    })
    // New ones, those that moved or were removed, and what was read otherwise.
    host.onMessage((message) => {
      this.#happen(message.conversation)
      if (message.thread === null) this.#soon(message.conversation)
    })
    host.onFrame((frame) => {
      const event = frame as { t: string; log?: string; ev?: { k?: string; conversation?: string } }
      if (event.t !== 'event' || !event.log) return
      if (event.ev?.k === 'reaction') this.#happen(event.log)
      // Read as a whole, here or on another device.
      if (event.ev?.k === 'membership' && event.ev.conversation) this.#soon(event.ev.conversation)
    })
    host.onLive(() => {
      for (const id of this.#held.keys()) this.#soon(id)
      for (const id of this.#happened.keys()) this.#happen(id)
    })
    host.onClose(() => {
      this.#closed = true
      for (const { timer } of this.#held.values()) clearTimeout(timer)
    })
  }

  /** The topics of a conversation, kept in step while somebody looks. */
  of(conversation: string): Observable<TopicsView> {
    const held = this.#hold(conversation)
    return {
      get: () => held.cell.get(),
      subscribe: (fn) => {
        const end = held.cell.subscribe(fn)
        // While nobody looked, nobody was asked.
        if (held.cell.watchers === 1) this.#soon(conversation, 0)
        return end
      },
    }
  }

  /** A number that rises with every message that comes or changes in a conversation. */
  happened(conversation: string): Observable<number> {
    let cell = this.#happened.get(conversation)
    if (!cell) this.#happened.set(conversation, (cell = new Cell(0)))
    return cell
  }

  /** The next page. */
  async more(conversation: string): Promise<void> {
    const { cell } = this.#hold(conversation)
    const { next, items } = cell.get()
    if (next === null) return
    const page = await this.#page(conversation, { cursor: next, limit: PAGE })
    const known = new Set(items.map((item) => item.id))
    const all = [...items, ...page.items.filter((item) => !known.has(item.id))]
    cell.set({ ...cell.get(), items: all, next: page.next_cursor })
  }

  /** Those whose name holds `q`, for choosing one. */
  async find(conversation: string, q: string): Promise<readonly TopicItem[]> {
    return (await this.#page(conversation, { q, limit: 20 })).items
  }

  /** Up to `seq` a topic, or what has none (`none`), was read. Shown at once. */
  async read(conversation: string, topic: string, seq: Seq): Promise<void> {
    const { cell } = this.#hold(conversation)
    const view = cell.get()
    const items = view.items.map((item) =>
      item.id === topic && item.last_seq <= seq ? { ...item, unread: 0, read_seq: seq } : item,
    )
    cell.set({ ...view, items, ...(topic === 'none' && { unreadWithout: 0 }) })
    await this.#api.http.request('PUT', `/conversations/${seg(conversation)}/topics/${seg(topic)}/read`, {
      body: { seq },
    })
  }

  /** The conversation was read by other means. */
  refresh(conversation: string): void {
    this.#soon(conversation)
  }

  change(id: string, patch: { name?: string; resolved?: boolean }): Promise<Topic> {
    return this.#api.http.request('PATCH', `/topics/${seg(id)}`, { body: patch })
  }

  merge(id: string, into: string): Promise<Topic> {
    return this.#api.http.request('POST', `/topics/${seg(id)}/merge`, { body: { into } })
  }

  /** Moves messages of one conversation to a topic (an id or a name), or to none. */
  move(conversation: string, messages: readonly string[], topic: string | null): Promise<Page<Message>> {
    return this.#api.http.request('POST', `/conversations/${seg(conversation)}/topics/move`, {
      body: { messages, topic },
    })
  }

  /** The conversation as its threads, those last spoken in first. */
  threads(conversation: string, cursor?: string | null, limit?: number): Promise<Page<ThreadRoot>> {
    return this.#api.http.request('GET', `/conversations/${seg(conversation)}/threads`, {
      query: { cursor, limit },
    })
  }

  #happen(conversation: string): void {
    const cell = this.#happened.get(conversation)
    cell?.set(cell.get() + 1)
  }

  #hold(conversation: string): Held {
    let held = this.#held.get(conversation)
    if (!held) this.#held.set(conversation, (held = { cell: new Cell(NOTHING), stale: true }))
    return held
  }

  #page(conversation: string, query: Record<string, string | number>): Promise<TopicPage> {
    return this.#api.http.request('GET', `/conversations/${seg(conversation)}/topics`, { query })
  }

  /** Asks again soon; while nobody looks, when somebody does. */
  #soon(conversation: string, wait = SOON_MS): void {
    const held = this.#held.get(conversation)
    if (!held || this.#closed) return
    held.stale = true
    if (held.cell.watchers > 0) held.timer ??= setTimeout(() => void this.#load(conversation, held), wait)
  }

  async #load(conversation: string, held: Held): Promise<void> {
    held.timer = undefined
    held.stale = false
    const { cell } = held
    try {
      const shown = Math.max(PAGE, Math.min(200, cell.get().items.length))
      const page = await this.#page(conversation, { limit: shown })
      cell.set({
        items: page.items,
        unreadWithout: page.unread_without,
        loading: false,
        problem: null,
        next: page.next_cursor,
      })
    } catch (error) {
      held.stale = true
      cell.set({ ...cell.get(), loading: false, problem: Problem.of(error) })
    }
  }
}

/** The topics of an org's conversations. */
export const topicsOf = (weft: Weft): Topics => weft.extend('topics', (host) => new Topics(host))
