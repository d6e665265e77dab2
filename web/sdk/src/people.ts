import type { Api } from './api'
import { Cell, type Observable } from './observable'
import { fold, rank } from './search'
import type { Principal } from './types'

/** Keeps addresses under what proxies let through. */
const BATCH = 100

/** People by what is known here, and by asking. */
export interface PeopleIndex {
  /** The best matches among known people, by name, pinyin or initials. */
  search(query: string, limit: number): Principal[]
  /** Asks the server, and learns the answer. */
  fetchSearch(query: string, limit?: number): Promise<Principal[]>
  /** Everybody known so far. */
  known(): Principal[]
}

/** Principals of one org by id; unknown ones are fetched together, once per microtask. */
export class People implements PeopleIndex {
  readonly #api: Api
  readonly #cells = new Map<string, Cell<Principal | undefined>>()
  readonly #wanted = new Set<string>()
  /** Asked for and not answered: not to be seen, or the network was away. */
  readonly #missing = new Set<string>()
  /** Known, but perhaps not as they are now. */
  readonly #stale = new Set<string>()
  #queued = false
  /** Told of every principal learnt or changed. */
  onChange: (principal: Principal) => void = () => {}

  constructor(api: Api) {
    this.#api = api
  }

  /** A person; fetched when first asked for. */
  person(id: string): Observable<Principal | undefined> {
    const cell = this.#cell(id)
    if (cell.get() === undefined || this.#stale.has(id)) this.#want(id)
    return cell
  }

  /** A person if known already. */
  peek(id: string): Principal | undefined {
    return this.#cells.get(id)?.get()
  }

  learn(principals: readonly Principal[]): void {
    for (const principal of principals) {
      const cell = this.#cell(principal.id)
      // An answer for oneself or an admin says more than an event does.
      const email = principal.email ?? cell.get()?.email ?? null
      cell.set(principal.email === email ? principal : { ...principal, email })
      this.#missing.delete(principal.id)
      this.onChange(principal)
    }
  }

  /** Makes ids that were not answered askable again: the connection is back. */
  retryMissing(): void {
    const again = [...this.#missing]
    this.#missing.clear()
    for (const id of again) if (this.#cells.get(id)?.watchers) this.#want(id)
  }

  search(query: string, limit: number): Principal[] {
    const folded = fold(query)
    const hits: { principal: Principal; rank: number }[] = []
    for (const principal of this.known()) {
      const r = rank(principal, folded)
      if (r !== null) hits.push({ principal, rank: r })
    }
    hits.sort((a, b) => a.rank - b.rank || compare(a.principal.search_key, b.principal.search_key))
    return hits.slice(0, limit).map((hit) => hit.principal)
  }

  async fetchSearch(query: string, limit = 20): Promise<Principal[]> {
    const page = await this.#api.people.list({ q: query, limit })
    this.learn(page.items)
    return page.items
  }

  known(): Principal[] {
    const all: Principal[] = []
    for (const cell of this.#cells.values()) {
      const principal = cell.get()
      if (principal) all.push(principal)
    }
    return all
  }

  /** Everybody may have changed: each is asked for again when next looked at, those on screen now. */
  expire(): void {
    for (const [id, cell] of this.#cells) {
      this.#stale.add(id)
      if (cell.watchers > 0) this.#want(id)
    }
  }

  clear(): void {
    for (const cell of this.#cells.values()) cell.set(undefined)
    this.#missing.clear()
  }

  #cell(id: string): Cell<Principal | undefined> {
    let cell = this.#cells.get(id)
    if (!cell) this.#cells.set(id, (cell = new Cell<Principal | undefined>(undefined)))
    return cell
  }

  #want(id: string): void {
    if (!id || this.#missing.has(id)) return
    this.#stale.delete(id)
    this.#wanted.add(id)
    if (this.#queued) return
    this.#queued = true
    queueMicrotask(() => {
      this.#queued = false
      void this.#fetch()
    })
  }

  async #fetch(): Promise<void> {
    const ids = [...this.#wanted]
    this.#wanted.clear()
    for (const id of ids) this.#missing.add(id)
    for (let i = 0; i < ids.length; i += BATCH) {
      const page = await this.#api.people.byIds(ids.slice(i, i + BATCH)).catch(() => null)
      if (page) this.learn(page.items)
    }
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
