import type { Api } from './api'
import type { ExtensionHost } from './extend'
import type { WaitingFrame } from './frames'
import { Cell, type Observable } from './observable'
import type { Message } from './types'

const SOON_MS = 250

/** What waits for my acknowledgement. */
export interface Waiting {
  count: number
  /** How many of them are urgent: the first. */
  urgent: number
  /** The newest of them, what is urgent first. */
  items: readonly Message[]
}

const NOTHING: Waiting = { count: 0, urgent: 0, items: [] }

/** Messages that ask me to acknowledge them. The server knows which; here is what it said last. */
export class Acks {
  readonly #api: Api
  readonly #me: string
  readonly #waiting = new Cell<Waiting>(NOTHING)
  readonly #told = new Cell<WaitingFrame | null>(null)
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(host: ExtensionHost) {
    this.#api = host.api
    this.#me = host.me
    host.onMessage((message) => this.saw(message))
    host.onFrame((frame) => {
      if (frame.t === 'waiting') this.heard(frame as WaitingFrame)
    })
    host.onLive(() => this.refresh())
    host.onClose(() => this.close())
  }

  get waiting(): Observable<Waiting> {
    return this.#waiting
  }

  /** The last that the server said of one: that I answered elsewhere, was reminded, or am late. */
  get told(): Observable<WaitingFrame | null> {
    return this.#told
  }

  /** I have taken note of a message, or done what it asks for. */
  async answer(message: string, state: 'acknowledged' | 'done'): Promise<void> {
    await this.#api.messages.answer(message, state)
    const { count, urgent, items } = this.#waiting.get()
    const at = items.findIndex((item) => item.id === message)
    if (at < 0) return
    const left = items.filter((item) => item.id !== message)
    this.#waiting.set({ count: count - 1, urgent: urgent - (at < urgent ? 1 : 0), items: left })
  }

  /** A message came or changed. */
  saw(message: Message): void {
    const waits = this.#waiting.get().items.some((item) => item.id === message.id)
    const asks = message.ack && message.from !== this.#me && message.seq === message.changed_seq
    if (asks || (waits && message.state !== 'live')) this.refresh()
  }

  /** A `waiting` frame. */
  heard(frame: WaitingFrame): void {
    this.#told.set(frame)
    this.refresh()
  }

  /** Asks again, soon. */
  refresh(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#api.messages.waiting({ limit: 50 }).then(
        (page) => this.#waiting.set({ count: page.count, urgent: page.urgent, items: page.items }),
        // Asked again with the next connection.
        () => undefined,
      )
    }, SOON_MS)
  }

  close(): void {
    clearTimeout(this.#timer)
  }
}
