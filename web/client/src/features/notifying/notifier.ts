import { type ConversationView, draftKey, type Message, type Weft } from '@weft/sdk'
import { attention, isQuiet, told, type Told } from '@weft/sdk/attention'

import { chime } from '../../shared/attention/chime'
import { device, permission } from '../../shared/attention/device'
import { chosenLevel } from '../../shared/attention/levels'
import { closeShown, show } from '../../shared/attention/show'
import { quotableText } from '../../shared/messageText'
import { paths } from '../../shared/paths'
import { plainLine } from '../../shared/QuotedText'

/** A tab that shows the conversation says so within this time, and nothing pops up. */
const WAIT_MS = 400
/** Lines of one notification. */
const LINES = 4

export interface NotifierHost {
  /** The lane (`draftKey`) that somebody is looking at in this tab. */
  sees(lane: string): boolean
  t(key: string, values?: Record<string, unknown>): string
  open(url: string): void
}

interface Waiting {
  conversation: string
  thread: string | null
  lines: string[]
  count: number
}

/** Shows what comes in as notifications, one for each conversation; takes them away once it is read. */
export class Notifier {
  readonly #weft: Weft
  readonly #host: NotifierHost
  readonly #channel: BroadcastChannel | null
  /** By lane. */
  readonly #shown = new Map<string, Waiting>()
  /** Lanes that another tab has in sight, and when it said so. */
  readonly #sighted = new Map<string, number>()
  readonly #ends: (() => void)[] = []
  #leads = false

  constructor(weft: Weft, host: NotifierHost) {
    this.#weft = weft
    this.#host = host
    this.#channel =
      typeof BroadcastChannel === 'undefined'
        ? null
        : new BroadcastChannel(`weft:sight:${weft.org}:${weft.me}`)
    if (this.#channel) {
      this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (typeof data === 'string') this.#sighted.set(data, performance.now())
      }
    }
    this.#ends.push(weft.onMessage((message, view) => this.#came(message, view)))
    this.#ends.push(weft.conversations.subscribe(() => this.#tidy()))
    this.#ends.push(weft.threads.unread.subscribe(() => this.#tidy()))
    const heard = (event: MessageEvent<unknown>) => this.#heard(event.data)
    navigator.serviceWorker?.addEventListener('message', heard)
    this.#ends.push(() => navigator.serviceWorker?.removeEventListener('message', heard))
  }

  /** This tab tells from now on. */
  lead(): void {
    this.#leads = true
  }

  close(): void {
    this.#leads = false
    for (const end of this.#ends) end()
    this.#channel?.close()
  }

  #came(message: Message, view: ConversationView): void {
    const verdict = this.judge(message, view)
    if (verdict.how === 'none') return
    const lane = draftKey(view.id, message.thread)
    if (this.#host.sees(lane)) return this.#channel?.postMessage(lane)
    if (!this.#leads || permission() !== 'granted') return
    const since = performance.now()
    setTimeout(() => {
      const now = this.#weft.conversation(view.id).get()
      const read = message.thread === null && message.n !== null && now && now.me.read_n >= message.n
      const seen = (this.#sighted.get(lane) ?? -1) >= since || this.#host.sees(lane)
      if (this.#leads && now && !read && !seen) this.#tell(message, now, verdict)
    }, WAIT_MS)
  }

  /** Whether and how this browser tells of a message. */
  judge(message: Message, view: ConversationView): Told {
    const weft = this.#weft
    const all = attention(weft)
    const alerts = all.alerts.get()
    const follows = message.thread !== null && weft.threads.state(message.thread).get()?.following === true
    return told(
      {
        own: message.from === weft.me,
        kind: view.kind,
        members: view.member_count,
        thread: message.thread !== null,
        mentioned: message.mentions.includes(weft.me),
        all: message.mention_all !== null,
        urgent: Boolean((message as { urgent?: unknown }).urgent),
        keyword: all.matcher.keywords(message).length > 0,
        watched: all.matcher.watches(message.from),
        vip: alerts.vips.includes(message.from),
      },
      {
        level:
          chosenLevel(view) ??
          (view.kind === 'announcement' ? (alerts.streams?.announcements.level ?? null) : null),
        all_silenced: view.me.all_silenced ?? false,
        follows,
        dnd: isQuiet(weft.meView.get().principal.dnd),
        mentions_pass: alerts.mentions_pass,
        device: device(),
      },
    )
  }

  #tell(message: Message, view: ConversationView, verdict: Told): void {
    const { t } = this.#host
    const weft = this.#weft
    const author = weft.person(message.from).get()
    const name = author?.name ?? t('notify.someone')
    const words = message.vanish
      ? t('notify.vanishing')
      : plainLine(quotableText(message), (id) => weft.person(id).get()?.name) || t('notify.file')
    const line = view.kind === 'direct' ? words : `${name}: ${words}`
    const lane = draftKey(view.id, message.thread)
    const before = this.#shown.get(lane)
    const lines = [...(before?.lines ?? []), line].slice(-LINES)
    const count = (before?.count ?? 0) + 1
    this.#shown.set(lane, { conversation: view.id, thread: message.thread, lines, count })
    const title = view.kind === 'channel' ? `#${view.title}` : view.title
    const path = paths.conversation(weft.org, view.id, message.thread === null ? message.seq : undefined)
    const url = message.thread === null ? path : `${path}?thread=${message.thread}`
    if (verdict.how === 'sound') chime()
    show(
      {
        title: count > 1 ? `${title} · ${t('notify.more', { count })}` : title,
        body: lines.join('\n'),
        tag: this.#tag(lane),
        icon: author?.avatar ? weft.api.avatarUrl(author.avatar) : undefined,
        // The sound is our own: platforms differ in whether they have one.
        silent: true,
        url,
        reply: {
          label: t('notify.reply'),
          placeholder: t('notify.replyPlaceholder'),
          org: weft.org,
          conversation: view.id,
          thread: message.thread,
        },
      },
      () => this.#host.open(url),
    ).catch(() => undefined)
  }

  /** The same as what the server pushes of the lane: neither stands beside the other. */
  #tag(lane: string): string {
    return lane
  }

  /** What was read, here or elsewhere, is told no more. */
  #tidy(): void {
    for (const [lane, { conversation, thread }] of this.#shown) {
      const view = this.#weft.conversation(conversation).get()
      const state = thread === null ? undefined : this.#weft.threads.state(thread).get()
      const unread = thread === null ? (view?.unread ?? 0) > 0 : !!state && state.last_n > state.read_n
      if (view && unread) continue
      this.#shown.delete(lane)
      void closeShown(this.#tag(lane)).catch(() => undefined)
    }
  }

  /** The worker says that a notification was answered or pressed. */
  #heard(data: unknown): void {
    const told = (typeof data === 'object' && data !== null ? data : {}) as Record<string, unknown>
    const { t, url, org, conversation, thread, text } = told
    if (t === 'notification.open' && typeof url === 'string') return this.#host.open(url)
    if (t !== 'notification.reply' || org !== this.#weft.org || typeof text !== 'string') return
    if (typeof conversation !== 'string' || !text.trim()) return
    const root = typeof thread === 'string' ? thread : null
    this.#weft.send(conversation, { text: text.trim(), ...(root ? { thread: root } : {}) })
    const head = this.#weft.conversation(conversation).get()?.head_seq
    if (root === null && head !== undefined) this.#weft.markRead(conversation, head)
  }
}
