import { Cell, type Observable } from './observable'

/** The server's limit on watched people. */
const MAX_WATCHED = 500
const TYPING_SHOWN_MS = 6000
const TYPING_EVERY_MS = 3000

/** Who of the watched people is online. */
export class Presence {
  readonly #online = new Map<string, Cell<boolean>>()
  readonly #watched = new Map<string, number>()
  readonly #send: (people: string[]) => void
  #queued = false

  constructor(send: (people: string[]) => void) {
    this.#send = send
  }

  of(id: string): Observable<boolean> {
    return this.#cell(id)
  }

  /** Watches until the returned function is called; several watchers of one person share. */
  watch(ids: readonly string[]): () => void {
    const mine = new Set(ids)
    for (const id of mine) this.#watched.set(id, (this.#watched.get(id) ?? 0) + 1)
    this.#flushSoon()
    return () => {
      for (const id of mine) {
        const left = (this.#watched.get(id) ?? 0) - 1
        if (left > 0) {
          this.#watched.set(id, left)
          continue
        }
        this.#watched.delete(id)
        // Nobody tells any more when they go.
        this.#cell(id).set(false)
      }
      mine.clear()
      this.#flushSoon()
    }
  }

  /** A `presence` frame. */
  update(online: readonly string[] = [], offline: readonly string[] = []): void {
    for (const id of online) this.#cell(id).set(true)
    for (const id of offline) this.#cell(id).set(false)
  }

  /** Says again who is watched: a new socket watches nobody yet. */
  renew(): void {
    if (this.#watched.size) this.#flushSoon()
  }

  /** Nothing is known without a connection. */
  disconnected(): void {
    for (const cell of this.#online.values()) cell.set(false)
  }

  #cell(id: string): Cell<boolean> {
    let cell = this.#online.get(id)
    if (!cell) this.#online.set(id, (cell = new Cell(false)))
    return cell
  }

  #flushSoon(): void {
    if (this.#queued) return
    this.#queued = true
    queueMicrotask(() => {
      this.#queued = false
      // The latest watched are those on screen.
      this.#send([...this.#watched.keys()].slice(-MAX_WATCHED))
    })
  }
}

/** Who is typing where; each shows for six seconds after the last sign. */
export class Typing {
  readonly #cells = new Map<string, Cell<string[]>>()
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>()
  readonly #told = new Map<string, number>()

  inLane(lane: string): Observable<string[]> {
    return this.#cell(lane)
  }

  saw(lane: string, by: string): void {
    const cell = this.#cell(lane)
    if (!cell.get().includes(by)) cell.set([...cell.get(), by])
    const key = `${lane} ${by}`
    clearTimeout(this.#timers.get(key))
    this.#timers.set(
      key,
      setTimeout(() => this.stopped(lane, by), TYPING_SHOWN_MS),
    )
  }

  /** Their message has come, or they paused. */
  stopped(lane: string, by: string): void {
    const key = `${lane} ${by}`
    clearTimeout(this.#timers.get(key))
    this.#timers.delete(key)
    const cell = this.#cells.get(lane)
    if (cell?.get().includes(by)) cell.set(cell.get().filter((id) => id !== by))
  }

  /** Whether to tell the server now that I type; at most once in three seconds for each lane. */
  mayTell(lane: string, now: number): boolean {
    if (now - (this.#told.get(lane) ?? 0) < TYPING_EVERY_MS) return false
    this.#told.set(lane, now)
    return true
  }

  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
    for (const cell of this.#cells.values()) cell.set([])
  }

  #cell(lane: string): Cell<string[]> {
    let cell = this.#cells.get(lane)
    if (!cell) this.#cells.set(lane, (cell = new Cell<string[]>([])))
    return cell
  }
}
