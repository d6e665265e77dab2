import type { Api } from './api'
import type { Ack } from './frames'
import type { Connection } from './gateway/connection'
import { ackedMessage, localItem } from './local'
import { Outbox } from './outbox'
import { Problem } from './problem'
import { newNonce, nowMicros } from './random'
import type { OutboxEntry, OutgoingFile, Store } from './store/store'
import { draftKey } from './sync/model'
import type { TimelineItem } from './timeline'
import type { AckRequest, Message } from './types'

/** What `send` takes besides the conversation. */
export interface Outgoing {
  text: string
  /** Root of the thread to reply in. */
  thread?: string | null
  /** Id of the message to quote. */
  quote?: string | null
  /** What was attached: see `Uploads.attached`. The message leaves when its uploads are complete. */
  files?: OutgoingFile[]
  /** The writer has confirmed that everybody in a large conversation is called. */
  confirmAll?: boolean
  /** It asks its readers to acknowledge it. */
  ack?: AckRequest
  /** What it is about; without an id, a topic of that name is made unless there is one. */
  topic?: { id?: string; name: string }
  /** How long after being read it vanishes, in seconds; 0: it stays. */
  vanish?: number | undefined
}

/** A message as shown from the moment of `send`. */
export type LocalMessage = TimelineItem

export interface SendingHost {
  /** What is on its way out of a conversation changed. */
  changed(conversation: string): void
  /** The server has a message; the log will bring its own form of it. */
  sent(message: Message): void
  /** The files with their ids, once they are uploaded. Rejects with a `Problem`. */
  uploaded(files: readonly OutgoingFile[]): Promise<readonly OutgoingFile[]>
}

/** My outgoing messages: how they are shown, and how they get out. */
export class Sending {
  readonly outbox: Outbox
  readonly #api: Api
  readonly #me: string
  readonly #connection: Connection
  readonly #host: SendingHost
  readonly #items = new Map<string, TimelineItem>()

  constructor(api: Api, me: string, store: Store, connection: Connection, host: SendingHost) {
    this.#api = api
    this.#me = me
    this.#connection = connection
    this.#host = host
    this.outbox = new Outbox(store, {
      deliver: (entry) => this.#deliver(entry),
      changed: (entry) => {
        this.#items.set(entry.nonce, localItem(entry, me))
        host.changed(entry.conversation)
      },
      done: (entry, ack) => this.#done(entry, ack),
    })
  }

  send(conversation: string, outgoing: Outgoing): LocalMessage {
    const entry: OutboxEntry = {
      nonce: newNonce(),
      conversation,
      thread: outgoing.thread ?? null,
      quote: outgoing.quote ?? null,
      text: outgoing.text,
      confirm_all: outgoing.confirmAll ?? false,
      ...(outgoing.ack && { ack: outgoing.ack }),
      ...(outgoing.topic && { topic: outgoing.topic }),
      ...(outgoing.files?.length ? { files: outgoing.files } : {}),
      vanish: outgoing.vanish,
      at: this.outbox.stamp(nowMicros()),
      state: 'queued',
    }
    void this.outbox.put(entry)
    return localItem(entry, this.#me)
  }

  retry(nonce: string, confirmAll?: boolean): void {
    const failed = this.outbox.get(nonce)
    if (!failed) return
    const { problem: _, ...entry } = failed
    void this.outbox.put({ ...entry, confirm_all: confirmAll ?? entry.confirm_all, state: 'queued' })
  }

  /** Those of one lane, in the order of writing. */
  inLane(lane: string): TimelineItem[] {
    const items: TimelineItem[] = []
    for (const item of this.#items.values()) {
      const { conversation, thread, topic } = item.message
      if (draftKey(conversation, thread) === lane) items.push(item)
      else if (thread === null && draftKey(conversation, topic?.id ?? 'none') === lane) items.push(item)
    }
    return items.sort((a, b) => a.message.at - b.message.at)
  }

  hasFailed(conversation: string): boolean {
    for (const { state, message } of this.#items.values()) {
      if (state === 'failed' && message.conversation === conversation) return true
    }
    return false
  }

  /** The newest of the main flow that is on its way out, or failed. */
  newest(conversation: string): Message | undefined {
    let newest: Message | undefined
    for (const { message } of this.#items.values()) {
      if (message.conversation !== conversation || message.thread !== null) continue
      if (!newest || message.at > newest.at) newest = message
    }
    return newest
  }

  /** By the open socket; over REST where there is none, as behind a proxy that lets no WebSocket through. */
  async #deliver(entry: OutboxEntry): Promise<Ack> {
    const { conversation, nonce, text } = entry
    const files = entry.files ? await this.#host.uploaded(entry.files) : []
    const extra = {
      ...(files.length ? { files: files.map((file) => file.id ?? '') } : {}),
      ...(entry.thread ? { thread: entry.thread } : {}),
      ...(entry.quote ? { quote: entry.quote } : {}),
      ...(entry.confirm_all ? { confirm_all: true } : {}),
      ...(entry.ack ? { ack: entry.ack } : {}),
      ...(entry.topic ? { topic: entry.topic.id ?? entry.topic.name } : {}),
      vanish: entry.vanish,
    }
    if (this.#connection.state.get().state !== 'online') {
      return this.#api.messages.send(conversation, { nonce, text, ...extra })
    }
    const frame = { t: 'send' as const, conv: conversation, nonce, text, ...extra }
    const ack = await this.#connection.command((id) => ({ ...frame, id }))
    if (!ack) throw Problem.offline('The answer was not understood.')
    return ack
  }

  #done(entry: OutboxEntry, ack: Ack | null): void {
    if (ack) {
      const { id, seq, n, at } = ack
      this.#host.sent(ackedMessage(entry, this.#me, { id, seq, n, at }))
    }
    this.#items.delete(entry.nonce)
    this.#host.changed(entry.conversation)
  }
}
