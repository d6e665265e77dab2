import type { Api } from './api'
import { seg } from './api/http'
import type { ExtensionHost } from './extend'
import { Cell, type Observable } from './observable'
import type { Micros } from './types'
import type { Weft } from './weft'

/** Who may add emoji. */
export interface EmojiPolicy {
  add: 'everybody' | 'admins'
}

/** An emoji of the org's own. */
export interface OrgEmoji {
  id: string
  /** Without colons. */
  name: string
  aliases: string[]
  /** Name, pinyin and initials, where that is more than the name. */
  search_key?: string
  by: string
  at: Micros
  /** It moves. */
  animated: boolean
  width: number
  height: number
  /** In an event: it is there no more. */
  removed?: boolean
}

/** The org's emoji at one moment. */
export interface EmojiSet {
  /** In the order of their names. */
  all: readonly OrgEmoji[]
  /** By name and by alias. */
  named: ReadonlyMap<string, OrgEmoji>
}

function setOf(all: readonly OrgEmoji[]): EmojiSet {
  const named = new Map<string, OrgEmoji>()
  for (const emoji of all) for (const name of [emoji.name, ...emoji.aliases]) named.set(name, emoji)
  return { all, named }
}

/** The org's own emoji: what this device held, then what the server says, kept in step by events. */
export class EmojiBook {
  readonly #api: Api
  readonly #key: string
  readonly #cell = new Cell<EmojiSet>(setOf([]))
  readonly #known = new Cell(false)
  #events = 0
  #asking = false

  constructor(host: ExtensionHost) {
    this.#api = host.api
    this.#key = `weft.emoji.${host.org}.${host.me}`
    this.#restore()
    host.onEvent((event) => {
      const emoji = event.k === 'emoji' ? (event['emoji'] as OrgEmoji | undefined) : undefined
      if (emoji && typeof emoji.id === 'string') this.#apply(emoji)
    })
    host.onLive(() => void this.#load())
    void this.#load()
  }

  get set(): Observable<EmojiSet> {
    return this.#cell
  }

  /** Whether the server has been heard, now or earlier. */
  get known(): Observable<boolean> {
    return this.#known
  }

  /** Address of a picture; `still`: one that does not move. */
  url(id: string, still = false): string {
    const { http } = this.#api
    return http.url(`/emoji/${seg(id)}/image`, {
      ...(still ? { still } : {}),
      ...(http.org ? { org: http.org } : {}),
    })
  }

  async add(name: string, picture: Blob, aliases: readonly string[] = []): Promise<OrgEmoji> {
    const form = new FormData()
    form.append('name', name)
    for (const alias of aliases) form.append('aliases', alias)
    form.append('file', picture)
    // The boundary is the browser's to choose, and says so only in the header.
    const packed = new Response(form)
    const raw = { data: await packed.arrayBuffer(), type: packed.headers.get('Content-Type') ?? '' }
    const emoji = await this.#api.request<OrgEmoji>('POST', '/emoji', { raw })
    this.#apply(emoji)
    return emoji
  }

  async setAliases(id: string, aliases: readonly string[]): Promise<void> {
    this.#apply(await this.#api.patch<OrgEmoji>(`/emoji/${seg(id)}`, { aliases }))
  }

  async remove(emoji: OrgEmoji): Promise<void> {
    await this.#api.delete(`/emoji/${seg(emoji.id)}`)
    this.#apply({ ...emoji, removed: true })
  }

  #apply(emoji: OrgEmoji): void {
    this.#events++
    const others = this.#cell.get().all.filter(({ id }) => id !== emoji.id)
    const all = emoji.removed ? others : [...others, emoji]
    this.#show(all.sort((a, b) => (a.name < b.name ? -1 : 1)))
  }

  /** Asks for the list; the browser holds it and the server says only whether it changed. */
  async #load(): Promise<void> {
    if (this.#asking) return
    this.#asking = true
    try {
      for (let before = -1; before !== this.#events;) {
        before = this.#events
        const { items } = await this.#api.get<{ items: OrgEmoji[] }>('/emoji')
        // An event that came meanwhile may be newer than the answer.
        if (before === this.#events) this.#show(items)
      }
    } catch {
      // Asked again with the next connection.
    } finally {
      this.#asking = false
    }
  }

  #show(all: readonly OrgEmoji[]): void {
    this.#cell.set(setOf(all))
    this.#known.set(true)
    try {
      globalThis.localStorage?.setItem(this.#key, JSON.stringify(all))
    } catch {
      // There is no room: asked for again with the next start.
    }
  }

  #restore(): void {
    try {
      const held: unknown = JSON.parse(globalThis.localStorage?.getItem(this.#key) ?? 'null')
      if (!Array.isArray(held)) return
      this.#cell.set(setOf(held as OrgEmoji[]))
      this.#known.set(true)
    } catch {
      // As above.
    }
  }
}

/** The emoji of an org; made when they are first asked for. */
export function emojiOf(weft: Weft): EmojiBook {
  return weft.extend('emoji', (host) => new EmojiBook(host))
}
