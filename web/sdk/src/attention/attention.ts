import type { ExtensionHost } from '../extend'
import { Cell, type Observable } from '../observable'
import type { Alerts, InboxItem, Message, Page } from '../types'
import type { UnreadTotals } from '../views'
import type { Weft } from '../weft'
import { Matcher } from './match'

const SOON_MS = 250
/** A read mark is told to the server in a bundle; after this it has it. */
const MARKED_MS = 900
/** Answers of people who are away that are kept. */
const NOTES = 50

export const NO_ALERTS: Alerts = { keywords: [], people: [], vips: [], mentions_pass: false }

/** Somebody to whom I wrote is away. */
export interface AwayNote {
  conversation: string
  thread: string | null
  who: string
  emoji: string
  text: string
  until: number | null
  reply: string
}

export type InboxKind = 'mentions' | 'alerts' | 'replies' | 'reactions'

/** What calls me: my alerts, how much of the inbox is unread, and who answered that they are away. */
export class Attention {
  readonly #host: ExtensionHost
  readonly #alerts = new Cell<Alerts>(NO_ALERTS)
  readonly #unread = new Cell(0)
  readonly #arrivals = new Cell(0)
  readonly #away = new Cell<readonly AwayNote[]>([])
  readonly #key: string
  readonly #totals: UnreadTotals
  #matcher = new Matcher(NO_ALERTS)
  #timer: ReturnType<typeof setTimeout> | undefined
  #marked: ReturnType<typeof setTimeout> | undefined
  #readSum = 0

  constructor(host: ExtensionHost, weft: Pick<Weft, 'conversations' | 'threads' | 'unreadTotal'>) {
    this.#host = host
    this.#totals = weft.unreadTotal as UnreadTotals
    this.#key = `weft.alerts.${host.org}.${host.me}`
    this.#restore()
    host.onEvent((event) => {
      if (event.k === 'alerts') this.#learn(event['alerts'] as Alerts)
    })
    host.onFrame((frame) => {
      if (frame.t === 'inbox') this.refresh()
      if (frame.t === 'away') this.#heard(frame as unknown as AwayFrame)
    })
    host.onMessage((message, live) => {
      const fresh = message.seq === message.changed_seq && message.from !== host.me
      if (live && fresh && (message.mention_all !== null || message.mentions.includes(host.me)))
        this.refresh()
      if (message.state !== 'live') this.refresh()
    })
    host.onLive(() => this.#load())
    const ends = [
      weft.conversations.subscribe(() => this.#read(weft.conversations.get())),
      weft.threads.unread.subscribe(() => this.#refreshMarked()),
    ]
    host.onClose(() => {
      for (const end of ends) end()
      clearTimeout(this.#timer)
      clearTimeout(this.#marked)
    })
    this.#load()
  }

  get alerts(): Observable<Alerts> {
    return this.#alerts
  }

  /** My alerts, made ready to be looked for. */
  get matcher(): Matcher {
    return this.#matcher
  }

  /** How many mentions and alerts are unread, up to 100. */
  get unread(): Observable<number> {
    return this.#unread
  }

  /** A number that rises when the inbox may begin otherwise. */
  get arrivals(): Observable<number> {
    return this.#arrivals
  }

  /** Who answered that they are away, the last one last. */
  get away(): Observable<readonly AwayNote[]> {
    return this.#away
  }

  forgetAway(note: AwayNote): void {
    this.#away.set(this.#away.get().filter((held) => held !== note))
  }

  async setAlerts(alerts: Alerts): Promise<void> {
    this.#learn(await this.#host.api.put<Alerts>('/me/alerts', alerts))
  }

  list(kinds: readonly InboxKind[], cursor: string | null): Promise<Page<InboxItem>> {
    return this.#host.api.get('/inbox', { kinds: kinds.join(','), cursor })
  }

  /** Marks messages as read in the inbox, or takes that back; without any, everything. */
  async markRead(messages?: readonly string[], read = true): Promise<void> {
    await this.#host.api.put('/inbox/read', messages ? { messages, read } : {})
    this.refresh()
  }

  /** Asks again, soon, how much is unread. */
  refresh(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#host.api.get<{ unread: number }>('/inbox/unread').then(
        ({ unread }) => {
          this.#unread.set(unread)
          this.#arrivals.set(this.#arrivals.get() + 1)
        },
        // Asked again with the next connection.
        () => undefined,
      )
    }, SOON_MS)
  }

  /** Whether a message of somebody else meets my alerts. */
  alerted(message: Message): boolean {
    if (message.from === this.#host.me || message.state !== 'live') return false
    return this.#matcher.watches(message.from) || this.#matcher.keywords(message).length > 0
  }

  /** What is read where it is, is read in the inbox. */
  #read(views: readonly { me: { read_seq: number } }[]): void {
    let sum = 0
    for (const { me } of views) sum += me.read_seq
    if (sum === this.#readSum) return
    this.#readSum = sum
    if (this.#unread.get() > 0) this.#refreshMarked()
  }

  #refreshMarked(): void {
    this.#marked ??= setTimeout(() => {
      this.#marked = undefined
      this.refresh()
    }, MARKED_MS)
  }

  #load(): void {
    this.#host.api.get<Alerts>('/me/alerts').then(
      (alerts) => this.#learn(alerts),
      () => undefined,
    )
    this.refresh()
  }

  #learn(alerts: Alerts): void {
    if (JSON.stringify(alerts) === JSON.stringify(this.#alerts.get())) return
    this.#matcher = new Matcher(alerts)
    this.#alerts.set(alerts)
    this.#totals.leaveOut(alerts.streams?.announcements.badge === false ? ['announcement'] : [])
    try {
      globalThis.localStorage?.setItem(this.#key, JSON.stringify(alerts))
    } catch {
      // Asked for again with the next start.
    }
  }

  /** What was known last time, so that messages are marked without a network, too. */
  #restore(): void {
    try {
      const held = JSON.parse(globalThis.localStorage?.getItem(this.#key) ?? 'null') as Alerts | null
      if (held && Array.isArray(held.keywords) && Array.isArray(held.people)) this.#learn(held)
    } catch {
      // As above.
    }
  }

  #heard(frame: AwayFrame): void {
    const { conv, thread, who, emoji, text, until, reply } = frame
    const note = { conversation: conv, thread, who, emoji, text, until, reply }
    const others = this.#away.get().filter((held) => held.who !== who || held.conversation !== conv)
    this.#away.set([...others, note].slice(-NOTES))
  }
}

interface AwayFrame extends Omit<AwayNote, 'conversation'> {
  t: 'away'
  conv: string
}

/** The attention of an org; made when it is first asked for. */
export function attention(weft: Weft): Attention {
  return weft.extend('attention', (host) => new Attention(host, weft))
}
