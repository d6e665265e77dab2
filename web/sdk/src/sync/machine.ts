/**
 * The client's half of the gateway protocol: cursors, gaps, catch-up, resume. No I/O and no clock: frames in,
 * effects out.
 *
 * It guarantees that of every log each event is handed out at most once, in order and without a gap, whatever
 * the server or the network repeats or drops.
 */
import type { ChangeItem, ClientFrame, LogEvent, ServerFrame } from '../frames'
import type { Seq } from '../types'

export type Effect =
  | { do: 'send'; frame: ClientFrame }
  /** The next event of a log; its cursor has advanced. */
  | { do: 'event'; log: string; seq: Seq; ev: LogEvent }
  /** Present state of what changed in a log up to `upto`; its cursor has advanced. */
  | { do: 'changes'; log: string; items: ChangeItem[]; upto: Seq; reset: boolean }
  /** Nothing is held, or what is held is of another epoch: load a bootstrap, then call `start`. */
  | { do: 'bootstrap'; epoch: string }
  /** Everything is caught up. */
  | { do: 'live' }

export type Phase = 'closed' | 'greeted' | 'resuming' | 'live'

/** Room for the frame's limit of 256 KiB, at under 48 bytes for each cursor. */
const MAX_RESUME_LOGS = 5000

/** Logs heard of but not followed, remembered until the event that explains them. */
const MAX_STRANGERS = 1000

export class SyncMachine {
  /** Shared with the model, which takes logs away and adds them (`follow`). */
  readonly #cursors: Map<string, Seq>
  /** The furthest position that was heard of, where it is beyond the cursor. */
  readonly #heard = new Map<string, Seq>()
  /** Logs with a catch-up under way. */
  readonly #asked = new Set<string>()
  /** Logs whose last `changes` of a resume said that there is more. */
  readonly #unfinished = new Set<string>()
  #phase: Phase = 'closed'

  constructor(cursors: Map<string, Seq>) {
    this.#cursors = cursors
  }

  get phase(): Phase {
    return this.#phase
  }

  /** The socket is gone: whatever was asked is forgotten. */
  closed(): void {
    this.#phase = 'closed'
    this.#asked.clear()
    this.#unfinished.clear()
  }

  /** What is held is of the server's epoch: ask for what happened since. */
  start(): Effect[] {
    this.#phase = 'resuming'
    this.#asked.clear()
    this.#unfinished.clear()
    const logs = [...this.#cursors]
    const cursors = Object.fromEntries(logs.slice(0, MAX_RESUME_LOGS))
    const rest = logs.slice(MAX_RESUME_LOGS).map(([log]) => log)
    for (const log of rest) this.#unfinished.add(log)
    return [{ do: 'send', frame: { t: 'resume', cursors } }]
  }

  /** The model began to follow a log whose state it holds up to `seq`. */
  follow(log: string, seq: Seq): Effect[] {
    if (!this.#cursors.has(log)) this.#cursors.set(log, seq)
    this.#hear(log, seq)
    return this.#repair(log)
  }

  /**
   * The server refused a command without an id. A refused resume leaves nothing to stand on: true, begin again
   * with another connection. A refused catch-up may be asked for again when more is heard of its log.
   */
  refused(): boolean {
    this.#asked.clear()
    return this.#phase === 'resuming'
  }

  /** Nothing is known of any log any more. */
  forget(): void {
    this.#heard.clear()
    this.#asked.clear()
    this.#unfinished.clear()
  }

  /** One frame of the server; frames that are not about logs are none of its business. */
  feed(frame: ServerFrame, heldEpoch: string | null): Effect[] {
    switch (frame.t) {
      case 'hello':
        this.#phase = 'greeted'
        if (heldEpoch !== frame.epoch) return [{ do: 'bootstrap', epoch: frame.epoch }]
        return this.start()
      case 'event':
        return this.#event(frame.log, frame.seq, frame.ev)
      case 'changes':
        return this.#changes(frame)
      case 'head':
        this.#hear(frame.log, frame.seq)
        return this.#repair(frame.log)
      case 'ready':
        return this.#ready()
      case 'resync':
        return this.#phase === 'greeted' || this.#phase === 'closed' ? [] : this.start()
      default:
        return []
    }
  }

  #event(log: string, seq: Seq, ev: LogEvent): Effect[] {
    const cursor = this.#cursors.get(log)
    if (cursor === undefined || seq > cursor + 1) {
      this.#hear(log, seq)
      return this.#repair(log)
    }
    if (seq <= cursor) return []
    this.#cursors.set(log, seq)
    return [{ do: 'event', log, seq, ev }]
  }

  #changes(frame: Extract<ServerFrame, { t: 'changes' }>): Effect[] {
    const { log, items, upto } = frame
    const cursor = this.#cursors.get(log)
    this.#asked.delete(log)
    if (cursor === undefined) return []
    const effects: Effect[] = []
    if (upto > cursor) {
      this.#cursors.set(log, upto)
      effects.push({ do: 'changes', log, items, upto, reset: frame.reset === true })
    }
    this.#unfinished.delete(log)
    if (!frame.more || upto < cursor) return [...effects, ...this.#repair(log)]
    if (this.#phase === 'live') return [...effects, ...this.#ask(log)]
    this.#unfinished.add(log)
    return effects
  }

  #ready(): Effect[] {
    this.#phase = 'live'
    const effects: Effect[] = [{ do: 'live' }]
    for (const log of this.#unfinished) effects.push(...this.#ask(log))
    this.#unfinished.clear()
    for (const log of this.#heard.keys()) effects.push(...this.#repair(log))
    return effects
  }

  #hear(log: string, seq: Seq): void {
    if (seq <= (this.#heard.get(log) ?? 0)) return
    if (!this.#heard.has(log) && this.#heard.size >= MAX_STRANGERS) {
      const oldest = this.#heard.keys().next().value
      if (oldest !== undefined) this.#heard.delete(oldest)
    }
    this.#heard.set(log, seq)
  }

  /** Asks for what is missing of a log, unless it was asked already. */
  #repair(log: string): Effect[] {
    const cursor = this.#cursors.get(log)
    const heard = this.#heard.get(log)
    if (cursor === undefined || heard === undefined) return []
    if (heard <= cursor) {
      this.#heard.delete(log)
      return []
    }
    return this.#phase === 'live' ? this.#ask(log) : []
  }

  #ask(log: string): Effect[] {
    const after = this.#cursors.get(log)
    if (after === undefined || this.#asked.has(log)) return []
    this.#asked.add(log)
    return [{ do: 'send', frame: { t: 'catchup', log, after } }]
  }
}
