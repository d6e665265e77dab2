import type { Batch, Meta, Store } from './store/store'
import type { Model } from './sync/model'
import type { Principal } from './types'

const SAVE_MS = 1000

/**
 * Writes what changed in the model to the store, each write of one instant and consistent in itself. Only the
 * leading tab writes; a tab that comes to lead writes everything, because it cannot know how far another came.
 */
export class Persister {
  readonly #store: Store
  readonly #model: Model
  readonly #meta: () => Meta
  readonly #conversations = new Set<string>()
  readonly #left = new Set<string>()
  readonly #threads = new Set<string>()
  readonly #people = new Map<string, Principal>()
  #forgetPeople = false
  #drafts = false
  #replace = false
  #dirty = false
  #leading = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(store: Store, model: Model, meta: () => Meta) {
    this.#store = store
    this.#model = model
    this.#meta = meta
  }

  conversation(id: string): void {
    this.#conversations.add(id)
    this.#left.delete(id)
    this.touch()
  }

  left(id: string): void {
    this.#conversations.delete(id)
    this.#left.add(id)
    this.touch()
  }

  thread(root: string): void {
    this.#threads.add(root)
    this.touch()
  }

  person(principal: Principal): void {
    this.#people.set(principal.id, principal)
    this.touch()
  }

  /** Everybody may have changed. */
  forgetPeople(): void {
    this.#people.clear()
    this.#forgetPeople = true
    this.touch()
  }

  drafts(): void {
    this.#drafts = true
    this.touch()
  }

  /** The model was filled anew. */
  replaced(): void {
    this.#replace = true
    this.#drafts = true
    this.touch()
  }

  /** Something of the meta record changed, or a cursor did. */
  touch(): void {
    this.#dirty = true
    if (this.#leading) this.#timer ??= setTimeout(() => void this.flush(), SAVE_MS)
  }

  /** Writes from now on; at once where the device holds `nothing` yet, lest the page goes before a second is over. */
  lead(nothing: boolean): void {
    this.#leading = true
    this.replaced()
    if (nothing) void this.flush()
  }

  /** Writes now. A failed write is tried again with the next, as a whole. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (!this.#leading || !this.#dirty || this.#model.epoch === null) return
    const batch = this.#take()
    this.#writing = this.#writing
      .then(() => this.#store.save(batch))
      .catch(() => {
        this.#replace = true
        this.#drafts = true
        this.#dirty = true
      })
    await this.#writing
  }

  close(): void {
    this.#leading = false
    clearTimeout(this.#timer)
  }

  #take(): Batch {
    const { conversations, cursors, threads, drafts } = this.#model
    const ids = this.#replace ? [...conversations.keys()] : [...this.#conversations]
    const roots = this.#replace ? [...threads.keys()] : [...this.#threads]
    const batch: Batch = {
      replace: this.#replace,
      meta: this.#meta(),
      conversations: ids.flatMap((id) => {
        const held = conversations.get(id)
        const cursor = cursors.get(id)
        return held && cursor !== undefined ? [{ id, held, cursor }] : []
      }),
      left: [...this.#left],
      people: [...this.#people.values()],
      forgetPeople: this.#forgetPeople,
      threads: roots.flatMap((root) => threads.get(root) ?? []),
      drafts: this.#drafts ? [...drafts.values()] : null,
    }
    this.#conversations.clear()
    this.#left.clear()
    this.#threads.clear()
    this.#people.clear()
    this.#replace = this.#forgetPeople = this.#drafts = this.#dirty = false
    return batch
  }
}
