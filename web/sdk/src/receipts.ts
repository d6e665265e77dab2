import type { ClientFrame, ReceiptsFrame } from './frames'
import { Cell, type Observable } from './observable'
import { draftKey } from './sync/model'
import type { Message, Receipt, Seq } from './types'

/** The server's limit for one request. */
const AT_ONCE = 100
/** The server tells for two minutes after it was asked. */
const RENEW_MS = 90_000
/** Rows come and go while somebody scrolls. */
const SOON_MS = 120
/** Counts kept of messages that are out of sight. */
const KEPT = 2000

/** A message that is on screen. */
interface Watched {
  conversation: string
  thread: string | null
  seq: Seq
  watchers: number
  /** When the server was last asked, in milliseconds; 0 where it has to be. */
  asked: number
}

/** Who has read what I wrote, for the messages on screen. */
export class Receipts {
  readonly #cells = new Map<string, Cell<Receipt | undefined>>()
  readonly #watched = new Map<string, Watched>()
  readonly #send: (frame: ClientFrame) => boolean
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(send: (frame: ClientFrame) => boolean) {
    this.#send = send
  }

  /** What is known of a message of mine. */
  of(message: Message): Observable<Receipt | undefined> {
    return this.#cell(keyOf(message.conversation, message.thread, message.seq))
  }

  /** Keeps it known until the returned function is called. */
  watch({ conversation, thread, seq }: Message): () => void {
    const key = keyOf(conversation, thread, seq)
    const watched = this.#watched.get(key) ?? { conversation, thread, seq, watchers: 0, asked: 0 }
    watched.watchers += 1
    this.#watched.set(key, watched)
    this.#askIn(SOON_MS)
    let on = true
    return () => {
      if (!on) return
      on = false
      watched.watchers -= 1
      this.#trim()
    }
  }

  /** A `receipts` frame. */
  update(frame: ReceiptsFrame): void {
    for (const item of frame.items) this.#cell(keyOf(frame.conv, frame.thread, item.seq)).set(item)
  }

  /** A new connection has been asked for nothing yet. */
  reconnected(): void {
    for (const watched of this.#watched.values()) watched.asked = 0
    this.#askIn(SOON_MS)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#watched.clear()
  }

  #askIn(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#ask(), ms)
  }

  #ask(): void {
    const now = Date.now()
    const lanes = new Map<string, Watched[]>()
    let next = RENEW_MS
    for (const watched of this.#watched.values()) {
      if (watched.watchers === 0) continue
      const left = watched.asked + RENEW_MS - now
      if (left > 0) {
        next = Math.min(next, left)
        continue
      }
      const lane = draftKey(watched.conversation, watched.thread)
      const due = lanes.get(lane)
      if (due) due.push(watched)
      else lanes.set(lane, [watched])
    }
    for (const due of lanes.values())
      for (let i = 0; i < due.length; i += AT_ONCE) this.#askFor(due.slice(i, i + AT_ONCE), now)
    if ([...this.#watched.values()].some((watched) => watched.watchers > 0)) this.#askIn(next)
  }

  #askFor(due: Watched[], now: number): void {
    const [first] = due
    if (!first) return
    const { conversation: conv, thread } = first
    const seqs = due.map((watched) => watched.seq)
    // Without a connection it is asked when there is one.
    if (!this.#send({ t: 'receipts', conv, ...(thread && { thread }), seqs })) return
    for (const watched of due) watched.asked = now
  }

  /** Forgets what has been out of sight for longest. */
  #trim(): void {
    if (this.#watched.size <= KEPT) return
    for (const [key, watched] of this.#watched) {
      if (watched.watchers > 0) continue
      this.#watched.delete(key)
      this.#cells.delete(key)
      if (this.#watched.size <= KEPT) return
    }
  }

  #cell(key: string): Cell<Receipt | undefined> {
    let cell = this.#cells.get(key)
    if (!cell) this.#cells.set(key, (cell = new Cell<Receipt | undefined>(undefined)))
    return cell
  }
}

const keyOf = (conversation: string, thread: string | null | undefined, seq: Seq): string =>
  `${draftKey(conversation, thread)} ${seq}`
