import type { Batch, OutboxEntry, Store, Stored, Tail } from './store'

/** A store that lives as long as the page: tails and the outbox, and nothing to start from. */
export class MemoryStore implements Store {
  readonly shared = false
  readonly #tails = new Map<string, Tail>()
  readonly #outbox = new Map<string, OutboxEntry>()

  async load(): Promise<Stored | null> {
    return null
  }

  async save(batch: Batch): Promise<void> {
    for (const tail of this.#tails.values()) {
      const old = tail.epoch !== batch.meta.epoch
      if (old || batch.left.includes(tail.conversation)) this.#tails.delete(tail.lane)
    }
  }

  async tail(lane: string): Promise<Tail | undefined> {
    return this.#tails.get(lane)
  }

  async saveTail(tail: Tail): Promise<void> {
    this.#tails.delete(tail.lane)
    this.#tails.set(tail.lane, tail)
    const [oldest] = this.#tails.keys()
    if (this.#tails.size > MAX_TAILS && oldest !== undefined) this.#tails.delete(oldest)
  }

  async outbox(): Promise<OutboxEntry[]> {
    return [...this.#outbox.values()]
  }

  async putOutbox(entry: OutboxEntry): Promise<void> {
    this.#outbox.set(entry.nonce, entry)
  }

  async deleteOutbox(nonce: string): Promise<void> {
    this.#outbox.delete(nonce)
  }

  async wipe(): Promise<void> {
    this.#tails.clear()
    this.#outbox.clear()
  }

  close(): void {}
}

const MAX_TAILS = 50
