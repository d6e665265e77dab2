import type { SocketLike } from '../src/index'
import type { ClientFrame } from '../src/frames'
import { type FakeServer, ME } from './fake-server'

/** The server's end and the client's end of one connection; frames arrive in later microtasks. */
export class FakeSocket implements SocketLike {
  onopen: ((event: never) => void) | null = null
  onmessage: ((event: never) => void) | null = null
  onclose: ((event: never) => void) | null = null
  onerror: ((event: never) => void) | null = null
  readonly received: ClientFrame[] = []
  readonly #server: FakeServer
  #open = true
  #live = false

  constructor(server: FakeServer) {
    this.#server = server
    queueMicrotask(() => {
      if (server.down || server.refuseSockets) return this.drop()
      server.sockets.add(this)
      server.connections += 1
      const hello = { t: 'hello', v: 1, epoch: server.epoch, me: ME, session: 'ses_1', heartbeat_s: 30 }
      this.frame({ ...hello, jitter_ms: 0, now: 0 })
    })
  }

  /** To the client. */
  frame(frame: unknown): void {
    const data = JSON.stringify(frame)
    queueMicrotask(() => {
      if (this.#open) this.onmessage?.({ data } as never)
    })
  }

  /** A live event, for sockets that have caught up. */
  event(frame: unknown): void {
    if (this.#live && !this.#server.silent) this.frame(frame)
  }

  /** The connection breaks. */
  drop(): void {
    if (!this.#open) return
    this.#open = false
    this.#server.sockets.delete(this)
    queueMicrotask(() => this.onclose?.({} as never))
  }

  close(): void {
    this.#open = false
    this.#server.sockets.delete(this)
  }

  send(data: string): void {
    const frame = JSON.parse(data) as ClientFrame
    this.received.push(frame)
    if (!this.#server.deaf) queueMicrotask(() => this.#open && this.#handle(frame))
  }

  #handle(frame: ClientFrame): void {
    const server = this.#server
    if (frame.t === server.nack) {
      server.nack = null
      return this.frame({ t: 'nack', id: null, problem: { code: 'unavailable', status: 503 } })
    }
    switch (frame.t) {
      case 'resume':
        return this.#resume(frame.cursors)
      case 'catchup': {
        const changes = server.changes(frame.log, frame.after)
        if (changes) this.frame({ t: 'changes', log: frame.log, ...changes })
        return
      }
      case 'send':
        return this.#send(frame)
      case 'read':
        server.read(frame.conv, frame.seq)
        return this.frame({ t: 'ok', id: frame.id })
      case 'ping':
        return this.frame({ t: 'pong' })
    }
  }

  #resume(cursors: Record<string, number>): void {
    for (const [log, after] of Object.entries(cursors)) {
      let at = after
      for (;;) {
        const changes = this.#server.changes(log, at)
        if (!changes) break
        if (changes.upto > at) this.frame({ t: 'changes', log, ...changes })
        if (!changes.more) break
        at = changes.upto
      }
    }
    this.#live = true
    this.frame({ t: 'ready' })
  }

  #send(frame: Extract<ClientFrame, { t: 'send' }>): void {
    const { id, conv, nonce, text, thread } = frame
    const server = this.#server
    server.nonces.push(nonce)
    const refused = server.refuse(frame)
    if (refused)
      return this.frame({ t: 'nack', id, problem: { title: refused.code, detail: '', ...refused } })
    const known = server.get(conv).messages.find((m) => m.nonce === nonce)
    const sent = known ?? server.post(conv, ME, text, { nonce, ...(thread ? { thread } : {}) })
    const msg = { id: sent.id, seq: sent.seq, n: sent.n, at: sent.at }
    const ack = (): void => this.frame({ t: 'ack', id, msg })
    if (server.silent) return
    if (server.delayAck) server.delayAck(ack)
    else ack()
  }
}
