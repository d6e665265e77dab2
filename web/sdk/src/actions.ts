import type { Api } from './api'
import { newNonce } from './random'
import { react } from './sync/window'
import type { Timelines } from './timelines'
import type { ForwardMode, Message } from './types'

/** Several replies removed at once are one question. */
const RECOUNT_MS = 200

/** What one does to messages that are there. */
export class Actions {
  readonly #api: Api
  readonly #me: string
  readonly #timelines: Timelines
  readonly #recounting = new Set<string>()

  constructor(api: Api, me: string, timelines: Timelines) {
    this.#api = api
    this.#me = me
    this.#timelines = timelines
  }

  async edit(message: Message, text: string): Promise<void> {
    this.learn(await this.#api.messages.edit(message.id, text))
  }

  async recall(message: Message): Promise<void> {
    this.learn(await this.#api.messages.recall(message.id))
  }

  async remove(message: Message): Promise<void> {
    this.learn(await this.#api.messages.remove(message.id))
  }

  async react(message: Message, emoji: string, on: boolean): Promise<void> {
    const show = (shown: boolean): void => {
      const now = this.#timelines.find(message.conversation, message.id)
      if (now) this.learn({ ...now, reactions: react(now.reactions, emoji, this.#me, shown) })
    }
    show(on)
    try {
      await this.#api.messages.react(message.id, emoji, on)
    } catch (error) {
      show(!on)
      throw error
    }
  }

  async forward(messages: readonly Message[], to: string[], mode: ForwardMode, text?: string): Promise<void> {
    const body = { to, nonce: newNonce(), ...(text ? { text } : {}) }
    const ids = messages.map((message) => message.id)
    if (ids.length === 1 && mode === 'separate') await this.#api.messages.forward(ids[0]!, body)
    else await this.#api.messages.forwardMany({ ...body, messages: ids, mode })
  }

  /** A reply is gone: its root's count is the server's to tell. */
  recount(root: string): void {
    if (this.#recounting.has(root)) return
    this.#recounting.add(root)
    setTimeout(() => {
      this.#recounting.delete(root)
      this.#api.messages.get(root).then(
        ({ conversation, replies }) => this.#timelines.apply(conversation, { t: 'replies', root, replies }),
        () => undefined,
      )
    }, RECOUNT_MS)
  }

  /** Shows a state of a message that did not come by the log. */
  learn(message: Message | undefined): void {
    if (!message || typeof message !== 'object' || !('changed_seq' in message)) return
    this.#timelines.apply(message.conversation, { t: 'message', message, fresh: false })
  }
}
