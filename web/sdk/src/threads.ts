import type { Api } from './api'
import { Cell, type Observable } from './observable'
import type { Model } from './sync/model'
import type { Page, Seq, ThreadItem, ThreadState } from './types'

/** Followed threads and their read marks. */
export class Threads {
  readonly #api: Api
  readonly #model: Model
  readonly #changed: (root: string) => void
  readonly #cells = new Map<string, Cell<ThreadState | undefined>>()
  readonly #unread = new Cell(0)
  readonly #arrivals = new Cell(0)
  /** Last reply of each thread as a list would show it; 0 while it is not followed. */
  readonly #seen = new Map<string, number>()
  #listed = false

  constructor(api: Api, model: Model, changed: (root: string) => void) {
    this.#api = api
    this.#model = model
    this.#changed = changed
  }

  /** Followed threads, the newest reply first, with their roots. */
  async list(cursor?: string | null): Promise<Page<ThreadItem>> {
    const page = await this.#api.threads.list(cursor)
    for (const { message: _, ...state } of page.items) this.#learn(state)
    this.#listed = true
    return page
  }

  /** How many followed threads have replies that I have not read, as far as they are known. */
  get unread(): Observable<number> {
    this.#know()
    return this.#unread
  }

  /** A number that rises when a followed thread has a new reply, or a thread comes to be followed. */
  get arrivals(): Observable<number> {
    return this.#arrivals
  }

  /** My relation to a thread; undefined where I never followed it, or that is not known yet. */
  state(root: string): Observable<ThreadState | undefined> {
    this.#know()
    return this.#cell(root)
  }

  async follow(root: string, following: boolean): Promise<void> {
    await this.#api.threads.follow(root, following)
    const state = this.#model.threads.get(root)
    if (state) this.#set({ ...state, following })
  }

  /** Marks replies read up to `seq`. `n` is the ordinal of that reply, where known. */
  async markRead(root: string, seq: Seq, n?: number): Promise<void> {
    const state = this.#model.threads.get(root)
    if (state && n !== undefined) {
      if (n <= state.read_n) return
      this.#set({ ...state, read_n: n })
    }
    await this.#api.threads.read(root, seq)
  }

  /** The model's state of a thread changed. */
  touch(root: string): void {
    const state = this.#model.threads.get(root)
    this.#cells.get(root)?.set(state)
    this.#count()
    const last = state?.following ? state.last_n : 0
    if (last > (this.#seen.get(root) ?? 0)) this.#arrivals.set(this.#arrivals.get() + 1)
    this.#seen.set(root, last)
  }

  touchAll(): void {
    this.#listed = false
    for (const root of this.#cells.keys()) this.touch(root)
    this.#count()
  }

  /** Asks once for the threads followed. */
  #know(): void {
    if (this.#listed) return
    this.#listed = true
    this.list().catch(() => (this.#listed = false))
  }

  #count(): void {
    let unread = 0
    for (const t of this.#model.threads.values()) if (t.following && t.last_n > t.read_n) unread += 1
    this.#unread.set(unread)
  }

  #learn(state: ThreadState): void {
    const known = this.#model.threads.get(state.root)
    const read_n = Math.max(known?.read_n ?? 0, state.read_n)
    const last_n = Math.max(known?.last_n ?? 0, state.last_n)
    this.#set({ ...state, read_n, last_n })
  }

  #set(state: ThreadState): void {
    this.#model.threads.set(state.root, state)
    // What I did or asked for is no news.
    this.#seen.set(state.root, state.following ? state.last_n : 0)
    this.touch(state.root)
    this.#changed(state.root)
  }

  #cell(root: string): Cell<ThreadState | undefined> {
    let cell = this.#cells.get(root)
    if (!cell) this.#cells.set(root, (cell = new Cell(this.#model.threads.get(root))))
    return cell
  }
}
