import type { Api } from './api'
import type { Model } from './sync/model'
import { previewOf } from './sync/preview'

/** Requests at a time: what somebody waits for must not queue behind a list's second lines. */
const AT_ONCE = 3
/** System messages are not previewed; a message of a person is most often among the newest few. */
const LOOK_BACK = 5

/**
 * Fetches the newest messages that a first load leaves out, of the conversations somebody looks at. What was
 * seen once is kept on the device and follows the log.
 */
export class Previews {
  readonly #api: Api
  readonly #model: Model
  readonly #changed: (conversation: string) => void
  /** Asked for, the newest wish last. */
  readonly #wanted = new Set<string>()
  readonly #busy = new Set<string>()
  /** Those that failed, until the connection is back. */
  readonly #failed = new Set<string>()

  constructor(api: Api, model: Model, changed: (conversation: string) => void) {
    this.#api = api
    this.#model = model
    this.#changed = changed
  }

  want(conversation: string): void {
    if (this.#busy.has(conversation) || this.#failed.has(conversation)) return
    this.#wanted.delete(conversation)
    this.#wanted.add(conversation)
    this.#next()
  }

  reconnected(): void {
    for (const id of this.#failed) this.#wanted.add(id)
    this.#failed.clear()
    this.#next()
  }

  clear(): void {
    this.#wanted.clear()
    this.#failed.clear()
  }

  #next(): void {
    while (this.#busy.size < AT_ONCE) {
      const id = [...this.#wanted].at(-1)
      if (id === undefined) return
      this.#wanted.delete(id)
      if (this.#model.conversations.get(id)?.last === undefined) void this.#load(id)
    }
  }

  async #load(id: string): Promise<void> {
    this.#busy.add(id)
    try {
      const { items } = await this.#api.messages.page(id, { limit: LOOK_BACK })
      const newest = items.findLast((message) => message.n !== null)
      const held = this.#model.conversations.get(id)
      // What came by the log meanwhile is newer.
      if (held && held.last === undefined) {
        this.#model.conversations.set(id, { ...held, last: newest ? previewOf(newest) : null })
        this.#changed(id)
      }
    } catch {
      this.#failed.add(id)
    } finally {
      this.#busy.delete(id)
      this.#next()
    }
  }
}
