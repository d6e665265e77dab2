import { Cell, Derived, type Observable } from './observable'
import type { JoinNames } from './options'
import type { People } from './people'
import { draftKey, type Held, type Model, type Preview } from './sync/model'
import { isPreviewed } from './sync/preview'
import { unreadCount } from './sync/unread'
import type { Conversation, Membership, Principal } from './types'

/** A joined conversation as a list shows it. */
export interface ConversationView extends Conversation {
  me: Membership
  /** Its name, or its people's names; empty until they are known. */
  title: string
  /** Unread messages of the main flow. */
  unread: number
  mentions: number
  unreadFrom: number | null
  draft?: string
  /** Whether a message of mine could not be sent. */
  failed: boolean
  /**
   * The newest message of a direct or group conversation, one on its way out included: null where there is
   * none, absent while unknown (`Weft.preview` asks for it).
   */
  last?: Preview | null
  /** The other people of a direct or group conversation, as far as known. */
  people: readonly Principal[]
}

export interface UnreadTotal {
  /** Conversations with something unread that are not muted. */
  unread: number
  mentions: number
}

/** The sum over all conversations but those of streams that the reader leaves out. */
export class UnreadTotals extends Derived<UnreadTotal> {
  uncounted: ReadonlySet<string> = new Set()

  /** Conversations of these kinds do not count. */
  leaveOut(kinds: readonly string[]): void {
    this.uncounted = new Set(kinds)
    this.invalidate()
  }
}

/** What the views show of a conversation's outgoing messages. */
export interface OutgoingViews {
  hasFailed(conversation: string): boolean
  newest(conversation: string): Preview | undefined
}

/** Observable conversations over a model. */
export class Views {
  readonly list: Derived<readonly ConversationView[]>
  readonly total: UnreadTotals
  readonly #model: Model
  readonly #people: People
  readonly #outgoing: OutgoingViews
  readonly #views = new Map<string, Cell<ConversationView | undefined>>()
  /** Who is named in which conversations' titles. */
  readonly #named = new Map<string, Set<string>>()
  readonly #joinNames: Observable<JoinNames> | undefined
  /** Stops listening for another way to join names. */
  readonly close: () => void
  #totalCell: UnreadTotal = { unread: 0, mentions: 0 }

  constructor(model: Model, people: People, outgoing: OutgoingViews, joinNames?: Observable<JoinNames>) {
    this.#model = model
    this.#people = people
    this.#outgoing = outgoing
    this.list = new Derived(() => this.#list())
    this.total = new UnreadTotals(() => this.#total())
    this.#joinNames = joinNames
    this.close = joinNames?.subscribe(() => this.touchAll()) ?? (() => {})
  }

  one(id: string): Observable<ConversationView | undefined> {
    return this.#cell(id)
  }

  /** A conversation changed, came or went. */
  touch(id: string): void {
    this.#views.get(id)?.set(this.#view(id))
    this.list.invalidate()
    this.total.invalidate()
  }

  /** Everything may have changed. */
  touchAll(): void {
    for (const id of new Set([...this.#views.keys(), ...this.#model.conversations.keys()])) this.touch(id)
  }

  /** Somebody's name or face changed. */
  renamed(person: string): void {
    for (const id of this.#named.get(person) ?? []) this.touch(id)
  }

  #cell(id: string): Cell<ConversationView | undefined> {
    let cell = this.#views.get(id)
    if (!cell) this.#views.set(id, (cell = new Cell(this.#view(id))))
    return cell
  }

  #view(id: string): ConversationView | undefined {
    const held = this.#model.conversations.get(id)
    if (!held) return undefined
    const { conversation } = held
    const people = this.#peers(conversation)
    const draft = this.#model.drafts.get(draftKey(id))?.text
    const last = this.#last(held)
    return {
      ...conversation,
      title: conversation.name || this.#joined(people),
      unread: unreadCount(conversation),
      mentions: conversation.me.mentions,
      unreadFrom: conversation.me.unread_from,
      ...(draft ? { draft } : {}),
      failed: this.#outgoing.hasFailed(id),
      ...(last === undefined ? {} : { last }),
      people,
    }
  }

  #joined(people: readonly Principal[]): string {
    const names = people.map((person) => person.name)
    return this.#joinNames?.get()(names) ?? names.join(', ')
  }

  /** What I am sending comes after what is there; a failed message does not hide what came later. */
  #last({ conversation, last }: Held): Preview | null | undefined {
    const mine = isPreviewed(conversation) ? this.#outgoing.newest(conversation.id) : undefined
    return mine && mine.at > (last?.at ?? 0) ? mine : last
  }

  #peers(conversation: Conversation): Principal[] {
    if (conversation.kind !== 'direct' && conversation.kind !== 'group') return []
    // A direct conversation without others is the one with oneself.
    const ids = conversation.peers.length ? conversation.peers : [this.#model.me]
    const known: Principal[] = []
    for (const id of ids) {
      let named = this.#named.get(id)
      if (!named) this.#named.set(id, (named = new Set()))
      named.add(conversation.id)
      const person = this.#people.person(id).get()
      if (person) known.push(person)
    }
    return known
  }

  #list(): readonly ConversationView[] {
    const all: ConversationView[] = []
    for (const id of this.#model.conversations.keys()) {
      const view = this.#cell(id).get()
      if (view) all.push(view)
    }
    return all
  }

  #total(): UnreadTotal {
    const total = { unread: 0, mentions: 0 }
    for (const { conversation } of this.#model.conversations.values()) {
      if (this.total.uncounted.has(conversation.kind)) continue
      if (!conversation.me.muted && unreadCount(conversation) > 0) total.unread += 1
      total.mentions += conversation.me.mentions
    }
    const same = total.unread === this.#totalCell.unread && total.mentions === this.#totalCell.mentions
    return same ? this.#totalCell : (this.#totalCell = total)
  }
}
