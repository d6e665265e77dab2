import { Api, Weft, type WeftOptions } from '../src/index'
import { type FakeServer, ORG } from './fake-server'

const DEADLINE_MS = 3000

/** Waits until something is so. */
export async function until(what: () => boolean | Promise<boolean>, label = 'a condition'): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS
  while (!(await what())) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${label}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

export function openWeft(server: FakeServer, more: Partial<WeftOptions> = {}): Promise<Weft> {
  const api = new Api({ base: 'http://weft.test', org: ORG, fetch: server.fetch })
  return Weft.open({ api, org: ORG, me: server.me, storage: 'memory', socket: server.socket, ...more })
}

export async function online(weft: Weft): Promise<void> {
  await until(() => weft.connection.get().state === 'online', 'the connection')
}

/** Breaks the connection, and waits until another has caught up. */
export async function reconnect(server: FakeServer, weft: Weft): Promise<void> {
  const before = server.connections
  server.cut()
  await until(() => server.connections > before, 'another connection')
  await online(weft)
}

/** A reproducible source of random numbers in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed * 2654435761 + 1
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

export function pick<T>(random: () => number, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T
}

/** The text of a message. */
export function textOf(item: { message: { content: { parts: readonly object[] } } }): string {
  const part = item.message.content.parts[0] as { text?: string } | undefined
  return part?.text ?? ''
}

/** Whether two values have the same shape and leaves, whatever the order of their fields. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b)
  const keys = Object.keys(a)
  const other = b as Record<string, unknown>
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => sameValue((a as Record<string, unknown>)[key], other[key]))
  )
}
