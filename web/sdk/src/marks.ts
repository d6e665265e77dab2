import type { Api } from './api'
import type { Connection } from './gateway/connection'
import { Problem } from './problem'
import type { Timelines } from './timelines'
import type { Model } from './sync/model'
import { readTo, setUnreadFrom } from './sync/unread'
import type { Seq } from './types'

const SEND_EVERY_MS = 300

/** Read marks: shown at once, told to the server in bundles and again until it has them. */
export class Marks {
  readonly #api: Api
  readonly #connection: Connection
  readonly #model: Model
  readonly #timelines: Timelines
  readonly #touched: (conversation: string) => void
  readonly #pending = new Map<string, Seq>()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    api: Api,
    connection: Connection,
    model: Model,
    timelines: Timelines,
    touched: (conversation: string) => void,
  ) {
    this.#api = api
    this.#connection = connection
    this.#model = model
    this.#timelines = timelines
    this.#touched = touched
  }

  /** Marks that the server does not have, to be kept over a restart. */
  get pending(): Record<string, Seq> {
    return Object.fromEntries(this.#pending)
  }

  restore(pending: Record<string, Seq>): void {
    for (const [id, seq] of Object.entries(pending)) this.#pending.set(id, seq)
  }

  read(id: string, seq: Seq): void {
    const held = this.#model.conversations.get(id)
    if (!held) return
    const { head_seq, last_n, me } = held.conversation
    if (seq <= me.read_seq && me.unread_from === null && me.read_n >= last_n) return
    const n = seq >= head_seq ? last_n : (this.#timelines.peek(id)?.ordinalAt(seq) ?? me.read_n)
    this.#model.conversations.set(id, setUnreadFrom(readTo(held, Math.min(seq, head_seq), n), null))
    this.#touched(id)
    this.#tell(id, seq)
  }

  /** A message of mine is in the log: all before it counts as read, and the server is to know. */
  sent(id: string, seq: Seq): void {
    if (!this.#model.conversations.has(id)) return
    this.#tell(id, seq)
  }

  async unread(id: string, fromSeq: Seq): Promise<void> {
    const held = this.#model.conversations.get(id)
    if (!held) return
    this.#pending.delete(id)
    this.#model.conversations.set(id, setUnreadFrom(held, fromSeq))
    this.#touched(id)
    try {
      await this.#api.conversations.unread(id, fromSeq)
    } catch (error) {
      const now = this.#model.conversations.get(id)
      if (now) this.#model.conversations.set(id, setUnreadFrom(now, held.conversation.me.unread_from))
      this.#touched(id)
      throw error
    }
  }

  async all(): Promise<void> {
    await this.#api.conversations.readAll()
    for (const [id, held] of this.#model.conversations) {
      const { head_seq, last_n, me } = held.conversation
      if (me.read_n >= last_n && me.unread_from === null && me.mentions === 0) continue
      this.#model.conversations.set(id, setUnreadFrom(readTo(held, head_seq, last_n), null))
      this.#pending.delete(id)
      this.#touched(id)
    }
  }

  /** Tells the server what it does not have yet. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const [conv, seq] of this.#pending) {
      this.#connection
        .command((id) => ({ t: 'read', conv, seq, id }))
        .catch((error: unknown) => {
          // A server may know marks by REST only.
          if (Problem.of(error).code === 'bad_request') return this.#api.conversations.read(conv, seq)
          throw error
        })
        .then(() => this.#settle(conv, seq))
        .catch((error: unknown) => {
          if (!Problem.of(error).transient) this.#settle(conv, seq)
        })
    }
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#pending.clear()
  }

  #tell(id: string, seq: Seq): void {
    this.#pending.set(id, Math.max(seq, this.#pending.get(id) ?? 0))
    this.#timer ??= setTimeout(() => this.flush(), SEND_EVERY_MS)
  }

  #settle(conv: string, seq: Seq): void {
    if (this.#pending.get(conv) === seq) this.#pending.delete(conv)
  }
}
