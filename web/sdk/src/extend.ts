import type { Api } from './api'
import type { ClientFrame, ServerFrame } from './frames'
import type { Message } from './types'

/** An event of a kind that the core leaves to others, such as a conversation's `topic`: `k` and its payload. */
export type OtherEvent = { k: string } & Record<string, unknown>

/** A frame of any kind, those of features that the core does not know among them. */
export type AnyFrame = ServerFrame | ({ t: string } & Record<string, unknown>)

/** What a part of the client that is loaded when it is used hears of the rest. */
export interface ExtensionHost {
  readonly api: Api
  readonly me: string
  readonly org: string
  /** Sends a frame where there is a connection; says whether there was. */
  send(frame: ClientFrame): boolean
  /** Every frame of the gateway. */
  onFrame(fn: (frame: AnyFrame) => void): void
  /** Events of one's own and the org's log of other kinds, live ones and those that are caught up with. */
  onEvent(fn: (event: OtherEvent, live: boolean) => void): void
  /** A message came or changed, live or caught up with. */
  onMessage(fn: (message: Message, live: boolean) => void): void
  /** Connected and caught up again: what is not in a log has to be asked for anew. */
  onLive(fn: () => void): void
  /** The org is closed on this device. */
  onClose(fn: () => void): void
}

/** The parts of one org that were attached, each made when it is first asked for. */
export class Extensions {
  readonly #made = new Map<string, unknown>()
  readonly #frame = new Set<(frame: AnyFrame) => void>()
  readonly #event = new Set<(event: OtherEvent, live: boolean) => void>()
  readonly #message = new Set<(message: Message, live: boolean) => void>()
  readonly #live = new Set<() => void>()
  readonly #close = new Set<() => void>()
  /** How the keys end under which they keep something. */
  #whose = ''
  readonly #send: (frame: ClientFrame) => boolean

  constructor(send: (frame: ClientFrame) => boolean) {
    this.#send = send
  }

  /** The part called `key`. */
  get<T>(key: string, api: Api, me: string, org: string, make: (host: ExtensionHost) => T): T {
    this.#whose = `.${org}.${me}`
    if (!this.#made.has(key)) {
      const host: ExtensionHost = {
        api,
        me,
        org,
        send: this.#send,
        onFrame: (fn) => void this.#frame.add(fn),
        onEvent: (fn) => void this.#event.add(fn),
        onMessage: (fn) => void this.#message.add(fn),
        onLive: (fn) => void this.#live.add(fn),
        onClose: (fn) => void this.#close.add(fn),
      }
      this.#made.set(key, make(host))
    }
    return this.#made.get(key) as T
  }

  frame(frame: AnyFrame): void {
    for (const fn of this.#frame) fn(frame)
  }

  event(event: OtherEvent, live: boolean): void {
    for (const fn of this.#event) fn(event, live)
  }

  message(message: Message, live: boolean): void {
    for (const fn of this.#message) fn(message, live)
  }

  live(): void {
    for (const fn of this.#live) fn()
  }

  /** `wiped`: what they kept on the device goes, too. */
  close(wiped: boolean): void {
    for (const fn of this.#close) fn()
    if (!wiped) return
    try {
      const keys = Object.keys(globalThis.localStorage ?? {})
      for (const key of keys) if (this.#owns(key)) globalThis.localStorage.removeItem(key)
    } catch {
      // There is no such store.
    }
  }

  #owns(key: string): boolean {
    return this.#whose !== '' && key.startsWith('weft.') && key.endsWith(this.#whose)
  }
}
