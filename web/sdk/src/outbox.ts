import type { Ack } from './frames'
import { Problem } from './problem'
import type { OutboxEntry, Store } from './store/store'
import { OutboxQueue } from './sync/outbox'
import type { Tabs } from './tabs'

export interface OutboxHost {
  /** Delivers one message. Rejects with a `Problem`. */
  deliver(entry: OutboxEntry): Promise<Ack>
  /** An entry appeared or changed. */
  changed(entry: OutboxEntry): void
  /** An entry is gone: the server has it (`ack`), or it was given up. */
  done(entry: OutboxEntry, ack: Ack | null): void
}

/**
 * Outgoing messages: written down first, then sent by the leading tab, each nonce until the server has it.
 */
export class Outbox {
  readonly #queue = new OutboxQueue()
  readonly #store: Store
  readonly #host: OutboxHost
  #tabs: Tabs | null = null
  #leading = false
  #paused = true
  #timer: ReturnType<typeof setTimeout> | undefined
  #last = 0
  /** Nonces that are done with, lest a read that began before brings them back. */
  readonly #settled = new Set<string>()

  constructor(store: Store, host: OutboxHost) {
    this.#store = store
    this.#host = host
  }

  /** Reads what an earlier page left. */
  async load(): Promise<void> {
    for (const entry of await this.#store.outbox()) {
      // Read just before it was deleted.
      if (this.#settled.has(entry.nonce)) continue
      this.#queue.put(entry)
      this.#last = Math.max(this.#last, entry.at)
      this.#host.changed(entry)
    }
  }

  connect(tabs: Tabs): void {
    this.#tabs = tabs
  }

  /** In the order of writing. */
  entries(): OutboxEntry[] {
    return this.#queue.entries()
  }

  get(nonce: string): OutboxEntry | undefined {
    return this.#queue.get(nonce)
  }

  /** A time for a new entry, later than every other's. */
  stamp(now: number): number {
    this.#last = Math.max(now, this.#last + 1)
    return this.#last
  }

  /** Adds an entry, or replaces it; shown at once, sent when it is written down. */
  async put(entry: OutboxEntry): Promise<void> {
    this.#queue.put(entry)
    this.#host.changed(entry)
    // A full disk must not keep a message from being sent.
    await this.#store.putOutbox(entry).catch(() => undefined)
    this.#tabs?.post({ t: 'outbox', entry })
    this.#drain()
  }

  async discard(nonce: string): Promise<void> {
    await this.#settle(nonce, null)
  }

  /** The log has this message: whatever became of the request, it was sent. */
  seen(nonce: string, ack: Ack): void {
    if (this.#queue.get(nonce)) void this.#settle(nonce, ack)
  }

  /** This tab sends from now on; what another left behind is in the store. */
  lead(): void {
    this.#leading = true
    this.load().then(
      () => this.#drain(),
      () => this.#drain(),
    )
  }

  /** Sends, or holds back: nobody is signed in. */
  pause(paused: boolean): void {
    this.#paused = paused
    if (paused) clearTimeout(this.#timer)
    else this.hurry()
  }

  /** The connection is back. */
  hurry(): void {
    this.#queue.hurry()
    this.#drain()
  }

  /** Another tab's doing. */
  told(entry: OutboxEntry): void {
    this.#queue.put(entry)
    this.#host.changed(entry)
    this.#drain()
  }

  toldDone(nonce: string, ack: Ack | null): void {
    this.#settled.add(nonce)
    const entry = this.#queue.delete(nonce)
    if (entry) this.#host.done(entry, ack)
  }

  close(): void {
    this.#leading = false
    clearTimeout(this.#timer)
  }

  clear(): void {
    this.#queue.clear()
    this.close()
  }

  async #settle(nonce: string, ack: Ack | null): Promise<void> {
    this.#settled.add(nonce)
    const entry = this.#queue.delete(nonce)
    if (entry) this.#host.done(entry, ack)
    await this.#store.deleteOutbox(nonce).catch(() => undefined)
    this.#tabs?.post({ t: 'outbox.done', nonce, ack })
    this.#drain()
  }

  #drain(): void {
    if (!this.#leading || this.#paused) return
    for (const entry of this.#queue.take(Date.now())) void this.#send(entry)
    clearTimeout(this.#timer)
    const at = this.#queue.wakeAt()
    if (at !== null) this.#timer = setTimeout(() => this.#drain(), Math.max(10, at - Date.now()))
  }

  async #send(entry: OutboxEntry): Promise<void> {
    try {
      const ack = await this.#host.deliver(entry)
      await this.#settle(entry.nonce, ack)
    } catch (error) {
      const after = this.#queue.failed(entry.nonce, Problem.of(error), Date.now(), Math.random())
      if (after && after.state === 'failed') await this.put(after)
      else this.#drain()
    }
  }
}
