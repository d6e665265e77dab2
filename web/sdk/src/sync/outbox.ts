/** The order and the retries of outgoing messages. No I/O and no clock: times are passed in. */
import type { Problem } from '../problem'
import type { OutboxEntry } from '../store/store'

const FIRST_RETRY_MS = 1000
const MAX_RETRY_MS = 60_000

interface Slot {
  entry: OutboxEntry
  flying: boolean
  attempts: number
  /** Milliseconds since 1970. */
  notBefore: number
  /** Its one more try after a refusal that may have been a matter of milliseconds was had. */
  again: boolean
}

/**
 * Queue of outgoing messages. Within a conversation they leave one at a time, in the order they were written;
 * one that failed for good steps aside, one that failed for now holds back those after it.
 */
export class OutboxQueue {
  readonly #slots = new Map<string, Slot>()

  /** Adds or replaces an entry; one that is under way stays under way. */
  put(entry: OutboxEntry): void {
    const slot = this.#slots.get(entry.nonce)
    if (!slot) {
      this.#slots.set(entry.nonce, { entry, flying: false, attempts: 0, notBefore: 0, again: false })
      return
    }
    // Somebody wants it sent anew.
    if (slot.entry.state === 'failed') slot.again = false
    slot.entry = entry
  }

  delete(nonce: string): OutboxEntry | undefined {
    const entry = this.#slots.get(nonce)?.entry
    this.#slots.delete(nonce)
    return entry
  }

  get(nonce: string): OutboxEntry | undefined {
    return this.#slots.get(nonce)?.entry
  }

  /** In the order of writing. */
  entries(): OutboxEntry[] {
    return this.#ordered().map((slot) => slot.entry)
  }

  clear(): void {
    this.#slots.clear()
  }

  /** Takes what may leave now; each is under way until `failed` or `delete`. */
  take(now: number): OutboxEntry[] {
    const ready = this.#heads().filter((slot) => !slot.flying && slot.notBefore <= now)
    for (const slot of ready) slot.flying = true
    return ready.map((slot) => slot.entry)
  }

  /** An attempt failed. Answers the entry as it stands now: failed for good, or queued for another try. */
  failed(nonce: string, problem: Problem, now: number, random: number): OutboxEntry | undefined {
    const slot = this.#slots.get(nonce)
    if (!slot) return undefined
    slot.flying = false
    // Not signed in: the text is kept, whoever signs in as the same person sends it.
    if (problem.transient || problem.status === 401) {
      const backoff = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(slot.attempts, 10))
      slot.attempts += 1
      slot.notBefore = now + Math.max((problem.retryAfter ?? 0) * 1000, backoff * (0.5 + random / 2))
      return slot.entry
    }
    // The conversation or a role changed while it was sent: whether it may be is told by another try.
    if (problem.code === 'stale_permission' && !slot.again) {
      slot.again = true
      return slot.entry
    }
    const { code, status, title, detail, field, params } = problem
    slot.entry = { ...slot.entry, state: 'failed', problem: { code, status, title, detail, field, params } }
    return slot.entry
  }

  /** Forgets the waiting times: the connection is back. */
  hurry(): void {
    for (const slot of this.#slots.values()) slot.notBefore = 0
  }

  /** When `take` may next have something, or null: something must happen first. */
  wakeAt(): number | null {
    const times = this.#heads().flatMap((slot) => (slot.flying ? [] : [slot.notBefore]))
    return times.length ? Math.min(...times) : null
  }

  /** The first of each conversation that still wants to leave. */
  #heads(): Slot[] {
    const heads = new Map<string, Slot>()
    for (const slot of this.#ordered()) {
      const { conversation, state } = slot.entry
      if (state === 'queued' && !heads.has(conversation)) heads.set(conversation, slot)
    }
    return [...heads.values()]
  }

  #ordered(): Slot[] {
    return [...this.#slots.values()].sort(
      (a, b) => a.entry.at - b.entry.at || (a.entry.nonce < b.entry.nonce ? -1 : 1),
    )
  }
}
