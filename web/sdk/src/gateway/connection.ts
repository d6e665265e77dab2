import type { Ack, ByeCode, ClientFrame, ServerFrame } from '../frames'
import { Cell } from '../observable'
import { Problem } from '../problem'
import { reconnectDelay } from './backoff'

/** The part of the browser's `WebSocket` that is used. */
export interface SocketLike {
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  send(data: string): void
  close(code?: number, reason?: string): void
}

/** Opens a socket. The headers matter where the platform can send them; a browser sends its cookie. */
export type SocketFactory = (url: string, headers: Record<string, string>) => SocketLike

export interface ConnectionState {
  state: 'connecting' | 'online' | 'offline' | 'signed_out'
  /** Milliseconds since 1970: when this state began. */
  since: number
  /** Attempts since the last time online. */
  attempt: number
}

export interface ConnectionHandlers {
  frame(frame: ServerFrame): void
  /** The socket closed; `greeted`: after the server's hello. */
  closed(greeted: boolean): void
  bye(code: ByeCode): void
}

export interface ConnectionOptions {
  url: () => string
  headers: () => Record<string, string>
  socket: SocketFactory
  handlers: ConnectionHandlers
}

const DEFAULT_JITTER_MS = 2000
/** How long a handshake, and the hello after it, may take. */
const HELLO_MS = 15_000
const COMMAND_MS = 15_000

type Waiting = { resolve: (ack: Ack | null) => void; reject: (problem: Problem) => void; timer: Timer }
type Timer = ReturnType<typeof setTimeout>

/** One WebSocket to the gateway, kept open: heartbeat, reconnecting, answers to commands. */
export class Connection {
  readonly state = new Cell<ConnectionState>({ state: 'connecting', since: Date.now(), attempt: 0 })
  readonly #options: ConnectionOptions
  readonly #waiting = new Map<number, Waiting>()
  #socket: SocketLike | null = null
  #greeted = false
  #heartbeatMs = 30_000
  #jitterMs = DEFAULT_JITTER_MS
  #lastHeard = 0
  #nextId = 1
  #attempt = 0
  #timer: Timer | undefined
  #pulse: ReturnType<typeof setInterval> | undefined
  #stopped = true

  constructor(options: ConnectionOptions) {
    this.#options = options
  }

  start(): void {
    if (!this.#stopped) return
    this.#stopped = false
    globalThis.addEventListener?.('online', this.#wake)
    globalThis.addEventListener?.('offline', this.#check)
    globalThis.document?.addEventListener('visibilitychange', this.#seen)
    this.#open()
  }

  /** Closes for good, in a last state. */
  stop(state: 'offline' | 'signed_out'): void {
    this.#stopped = true
    globalThis.removeEventListener?.('online', this.#wake)
    globalThis.removeEventListener?.('offline', this.#check)
    globalThis.document?.removeEventListener('visibilitychange', this.#seen)
    clearTimeout(this.#timer)
    this.#drop()
    this.#set(state)
  }

  /** Everything is caught up. */
  live(): void {
    this.#attempt = 0
    this.#set('online')
  }

  /** Closes this socket and tries again, later and later. */
  retry(): void {
    this.#lost()
  }

  /** Sends where there is a greeted socket; says whether there was. */
  send(frame: ClientFrame): boolean {
    if (!this.#socket || !this.#greeted) return false
    this.#socket.send(JSON.stringify(frame))
    return true
  }

  /** Sends a command and waits for its answer; null for a plain `ok`. */
  command(make: (id: number) => ClientFrame): Promise<Ack | null> {
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      if (!this.send(make(id))) return reject(Problem.offline())
      const timer = setTimeout(() => this.#settle(id)?.reject(Problem.offline('No answer came.')), COMMAND_MS)
      this.#waiting.set(id, { resolve, reject, timer })
    })
  }

  #open(): void {
    if (this.#stopped) return
    clearTimeout(this.#timer)
    if (this.#attempt === 0) this.#set('connecting')
    let socket: SocketLike
    try {
      socket = this.#options.socket(this.#options.url(), this.#options.headers())
    } catch {
      return this.#again()
    }
    this.#socket = socket
    const mine = (): boolean => this.#socket === socket
    socket.onmessage = (event: { data?: unknown }) => {
      if (mine()) this.#receive(event.data)
    }
    socket.onclose = () => {
      if (mine()) this.#lost()
    }
    socket.onerror = () => {
      if (mine()) this.#lost()
    }
    this.#timer = setTimeout(() => {
      if (mine() && !this.#greeted) this.#lost()
    }, HELLO_MS)
  }

  #receive(data: unknown): void {
    this.#lastHeard = Date.now()
    const frame = parseFrame(data)
    if (!frame) return
    switch (frame.t) {
      case 'hello':
        this.#hello(frame.heartbeat_s, frame.jitter_ms)
        break
      case 'ack':
        this.#settle(frame.id)?.resolve(frame.msg)
        break
      case 'ok':
        this.#settle(frame.id)?.resolve(null)
        break
      case 'nack':
        if (frame.id !== null) this.#settle(frame.id)?.reject(Problem.from(frame.problem))
        break
      case 'bye':
        return this.#bye(frame.code, frame.retry_ms)
    }
    this.#options.handlers.frame(frame)
  }

  #hello(heartbeatS: number, jitterMs: number): void {
    clearTimeout(this.#timer)
    this.#greeted = true
    if (heartbeatS > 0) this.#heartbeatMs = heartbeatS * 1000
    if (jitterMs >= 0) this.#jitterMs = jitterMs
    clearInterval(this.#pulse)
    this.#pulse = setInterval(this.#check, this.#heartbeatMs * 0.8)
  }

  #bye(code: ByeCode, retryMs?: number): void {
    if (code === 'overloaded' && retryMs !== undefined) this.#lost(retryMs)
    else if (code === 'draining' || code === 'overloaded') this.#lost()
    this.#options.handlers.bye(code)
  }

  /** Pings, and gives up a socket that has been silent too long. */
  readonly #check = (): void => {
    if (!this.#socket || !this.#greeted) return
    if (Date.now() - this.#lastHeard > this.#heartbeatMs * 2.5) this.#lost()
    else this.send({ t: 'ping' })
  }

  /** The network is back: no reason to wait. */
  readonly #wake = (): void => {
    if (!this.#socket && !this.#stopped) this.#open()
    else this.#check()
  }

  /** Back on screen, perhaps after a sleep: timers of a hidden page are late. */
  readonly #seen = (): void => {
    if (document.visibilityState === 'visible') this.#wake()
  }

  #lost(afterMs?: number): void {
    const greeted = this.#greeted
    this.#drop()
    this.#options.handlers.closed(greeted)
    this.#again(afterMs)
  }

  #again(afterMs?: number): void {
    if (this.#stopped) return
    this.#set('offline')
    const delay = afterMs ?? reconnectDelay(this.#attempt, this.#jitterMs, Math.random())
    this.#attempt += 1
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#open(), delay)
  }

  #drop(): void {
    const socket = this.#socket
    this.#socket = null
    this.#greeted = false
    clearInterval(this.#pulse)
    for (const id of this.#waiting.keys()) this.#settle(id)?.reject(Problem.offline('The connection broke.'))
    socket?.close(1000)
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id)
    if (!waiting) return undefined
    clearTimeout(waiting.timer)
    this.#waiting.delete(id)
    return waiting
  }

  #set(state: ConnectionState['state']): void {
    const now = this.state.get()
    const since = now.state === state ? now.since : Date.now()
    if (now.state !== state || now.attempt !== this.#attempt) {
      this.state.set({ state, since, attempt: this.#attempt })
    }
  }
}

function parseFrame(data: unknown): ServerFrame | null {
  if (typeof data !== 'string') return null
  try {
    const frame: unknown = JSON.parse(data)
    return typeof frame === 'object' && frame !== null && 't' in frame ? (frame as ServerFrame) : null
  } catch {
    return null
  }
}
