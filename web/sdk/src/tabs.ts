import type { Ack } from './frames'
import type { OutboxEntry } from './store/store'

/** What the tabs of one person in one org tell each other. */
export type TabMessage =
  | { t: 'outbox'; entry: OutboxEntry }
  /** Sent (`ack`), or given up. */
  | { t: 'outbox.done'; nonce: string; ack: Ack | null }
  /** The store was wiped: signed out. */
  | { t: 'wiped' }

export interface Tabs {
  post(message: TabMessage): void
  close(): void
}

/** The other tabs under `name`; silent where the platform has no BroadcastChannel. */
export function openTabs(name: string, receive: (message: TabMessage) => void): Tabs {
  if (typeof BroadcastChannel === 'undefined') return { post: () => {}, close: () => {} }
  const channel = new BroadcastChannel(name)
  channel.onmessage = (event: MessageEvent<TabMessage>) => receive(event.data)
  let closed = false
  return {
    post: (message) => {
      if (!closed) channel.postMessage(message)
    },
    close: () => {
      closed = true
      channel.onmessage = null
      channel.close()
    },
  }
}

/**
 * Of several tabs each has its own socket, and one leads: it alone writes the model to the store and sends what
 * is in the outbox. Sockets are cheap for the server, and a tab that is asleep then holds up no other; but two
 * writers would have to agree, and two senders would keep no order.
 *
 * Holds the leadership of `name` among the tabs as soon as no other does, until the returned function is
 * called; at once where the name is null. Without Web Locks (pages served without TLS) every tab leads; a nonce sent twice is still one message.
 */
export function lead(name: string | null, onLead: () => void): () => void {
  const locks = globalThis.navigator?.locks
  if (!locks || name === null) {
    queueMicrotask(onLead)
    return () => {}
  }
  const abort = new AbortController()
  let release: () => void = () => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  locks
    .request(name, { signal: abort.signal }, () => {
      onLead()
      return held
    })
    .catch(() => undefined)
  return () => {
    abort.abort()
    release()
  }
}
