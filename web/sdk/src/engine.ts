import type { Api } from './api'
import type { ByeCode, ChangeItem, LogEvent, ServerFrame } from './frames'
import { Connection, type SocketFactory } from './gateway/connection'
import { Problem } from './problem'
import { applyEvent, type Touch } from './sync/apply'
import { SyncMachine, type Effect } from './sync/machine'
import { hold, loadBootstrap, type Model } from './sync/model'
import type { Principal, Seq } from './types'

/** What the engine tells its client. */
export interface EngineHost {
  /** Something in the model changed; `live` tells news from history. */
  touched(touch: Touch, live: boolean): void
  /** The model was filled anew from a bootstrap. */
  rebuilt(people: Principal[]): void
  /** A log's events are missing: windows over it must be loaded again. */
  gap(log: string): void
  /** Too many people changed to be told one by one. */
  peopleChanged(): void
  live(): void
  disconnected(): void
  frame(frame: ServerFrame): void
  /** Access has ended; `revoked`: what is held must go too. */
  signedOut(revoked: boolean): void
}

/** Keeps a model in step with the server: runs the machine's effects on a connection. */
export class Engine {
  readonly connection: Connection
  readonly #api: Api
  readonly #model: Model
  readonly #machine: SyncMachine
  readonly #host: EngineHost
  #booting: Promise<void> | null = null

  constructor(api: Api, model: Model, socket: SocketFactory | undefined, host: EngineHost) {
    this.#api = api
    this.#model = model
    this.#host = host
    this.#machine = new SyncMachine(model.cursors)
    this.connection = new Connection({
      url: () => api.gatewayUrl(),
      headers: () => api.http.headers(),
      socket: socket ?? browserSocket,
      handlers: {
        frame: (frame) => this.#receive(frame),
        closed: (greeted) => this.#closed(greeted),
        bye: (code) => this.#bye(code),
      },
    })
  }

  /** Fills the model from the server; calls at the same time share one request. */
  bootstrap(): Promise<void> {
    this.#booting ??= this.#bootstrap().finally(() => (this.#booting = null))
    return this.#booting
  }

  async #bootstrap(): Promise<void> {
    const boot = await this.#api.conversations.bootstrap()
    const people = loadBootstrap(this.#model, boot)
    this.#machine.forget()
    this.#host.rebuilt([boot.me, ...people])
  }

  #receive(frame: ServerFrame): void {
    if (frame.t === 'nack' && typeof frame.id !== 'number' && this.#machine.refused()) {
      return this.connection.retry()
    }
    this.#run(this.#machine.feed(frame, this.#model.epoch))
    this.#host.frame(frame)
  }

  #run(effects: Effect[]): void {
    for (const effect of effects) {
      switch (effect.do) {
        case 'send':
          this.connection.send(effect.frame)
          break
        case 'event':
          this.#apply(effect.log, effect.seq, effect.ev, true)
          break
        case 'changes':
          this.#changes(effect.log, effect.items, effect.upto, effect.reset)
          break
        case 'bootstrap':
          void this.#rebuild(effect.epoch)
          break
        case 'live':
          this.connection.live()
          this.#host.live()
      }
    }
  }

  #apply(log: string, seq: Seq, ev: LogEvent, live: boolean): void {
    let touches: Touch[]
    try {
      touches = applyEvent(this.#model, log, seq, ev)
    } catch {
      // An event of a shape from another version must not stop the log.
      return
    }
    for (const touch of touches) {
      if (touch.t === 'joined') this.#run(this.#machine.follow(touch.id, touch.headSeq))
      this.#host.touched(touch, live)
    }
  }

  #changes(log: string, items: ChangeItem[], upto: Seq, reset: boolean): void {
    if (reset && log === this.#model.me) return void this.#rebuild(this.#model.epoch ?? '')
    if (reset && !this.#model.conversations.has(log)) this.#host.peopleChanged()
    for (const item of items) this.#apply(log, upto, { ...item, k: item.type } as LogEvent, false)
    if (!this.#model.conversations.has(log)) return
    if (reset) void this.#refetch(log)
    // Raises the conversation's head even where no item did.
    this.#apply(log, upto, { k: '' } as never, false)
  }

  /** After a reset, counts are the server's to tell. */
  async #refetch(id: string): Promise<void> {
    this.#host.gap(id)
    const conversation = await this.#api.conversations.get(id).catch(() => null)
    const theirs = conversation && hold(conversation)
    if (!theirs || !this.#model.conversations.has(id)) return
    this.#model.conversations.set(id, theirs)
    this.#host.touched({ t: 'conversation', id }, false)
    this.#run(this.#machine.follow(id, theirs.conversation.head_seq))
  }

  async #rebuild(epoch: string): Promise<void> {
    try {
      await this.bootstrap()
    } catch (error) {
      if (!this.#denied(Problem.of(error))) this.connection.retry()
      return
    }
    if (this.#model.epoch !== epoch) this.connection.retry()
    else if (this.#machine.phase !== 'closed') this.#run(this.#machine.start())
  }

  #closed(greeted: boolean): void {
    this.#machine.closed()
    this.#host.disconnected()
    // A browser does not say why a handshake was refused: ask over REST.
    if (!greeted) this.#api.me.get().catch((error: unknown) => this.#denied(Problem.of(error)))
  }

  #bye(code: ByeCode): void {
    if (code === 'draining' || code === 'overloaded') return
    this.#end(code !== 'session_expired')
  }

  /** Whether a problem means that this session, or this person's place in the org, is over; ends it. */
  #denied(problem: Problem): boolean {
    if (problem.status !== 401 && problem.code !== 'not_a_member') return false
    this.#end(problem.code !== 'session_expired')
    return true
  }

  #end(revoked: boolean): void {
    if (this.connection.state.get().state === 'signed_out') return
    this.connection.stop('signed_out')
    this.#machine.closed()
    this.#host.signedOut(revoked)
  }
}

const browserSocket: SocketFactory = (url) => new WebSocket(url)
