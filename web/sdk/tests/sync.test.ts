import { afterEach, describe, expect, it } from 'vitest'
import type { Weft } from '../src/index'
import { FakeServer, ME, ORG } from './fake-server'
import { online, openWeft, pick, reconnect, sameValue, seeded, textOf, until } from './helpers'

const open: Weft[] = []
async function start(server: FakeServer): Promise<Weft> {
  const weft = await openWeft(server)
  open.push(weft)
  await online(weft)
  return weft
}
afterEach(() => {
  for (const weft of open.splice(0)) weft.close()
})

function seed(server: FakeServer): void {
  server.conversation('cnv_a', 'alpha')
  server.conversation('cnv_b', 'beta')
  for (let i = 0; i < 5; i++) server.post('cnv_a', 'usr_ann', `old ${i}`)
}

function view(weft: Weft, id: string) {
  return weft.conversation(id).get()
}

describe('any loss, repetition and order of frames ends in what a fresh bootstrap shows', () => {
  for (let n = 1; n <= 40; n++) {
    it(`history ${n}`, async () => {
      const random = seeded(n)
      const server = new FakeServer()
      seed(server)
      const weft = await start(server)
      const timeline = weft.timeline('cnv_a')
      await until(() => timeline.view.get().loading === null)
      server.mangle = mangler(random)
      for (let step = 0; step < 60; step++) {
        act(server, random)
        if (random() < 0.05) server.cut()
        if (random() < 0.3) await new Promise((resolve) => setTimeout(resolve, 0))
      }
      server.mangle = (frame) => [frame]
      // What was dropped last is heard of by the next event or connection.
      await reconnect(server, weft)
      const fresh = await start(server)
      await settled(weft, server)
      await settled(fresh, server)
      const byId = (w: Weft) => [...w.conversations.get()].sort((a, b) => (a.id < b.id ? -1 : 1))
      expect(byId(weft)).toEqual(byId(fresh))
      expect(weft.unreadTotal.get()).toEqual(fresh.unreadTotal.get())
      await sameTimeline(weft, fresh, 'cnv_a')
    })
  }
})

/** Drops, repeats and swaps live events. */
function mangler(random: () => number) {
  let kept: unknown[] = []
  return (frame: unknown): unknown[] => {
    const roll = random()
    if (roll < 0.15) return []
    if (roll < 0.3) return [frame, frame]
    if (roll < 0.45) {
      kept.push(frame)
      return []
    }
    const late = kept
    kept = []
    return [frame, ...late]
  }
}

function act(server: FakeServer, random: () => number): void {
  const id = pick(random, ['cnv_a', 'cnv_a', 'cnv_b'])
  const conversation = server.get(id)
  const roll = random()
  if (!conversation.me) return server.join(id)
  const target = conversation.messages.length ? pick(random, conversation.messages) : null
  const from = pick(random, [ME, 'usr_ann', 'usr_bo'])
  if (roll < 0.4 || !target) {
    const mentions = random() < 0.3 ? [ME] : []
    const nonce = from === ME ? { nonce: `n${random()}` } : {}
    const sent = server.post(id, from, `text ${random()}`, { mentions, ...nonce })
    // My other device tells that it has read what it answered.
    if (from === ME) server.read(id, sent.seq)
  } else if (roll < 0.5)
    server.post(id, from, 'reply', { thread: target.thread ?? target.id, mentions: [ME] })
  else if (roll < 0.6) server.react(id, target.id, pick(random, ['+1', 'eyes']), from, random() < 0.6)
  else if (roll < 0.7) server.change(id, target.id, { edited_at: server.tick() })
  else if (roll < 0.75) server.change(id, target.id, { state: 'deleted', content: { v: 1, parts: [] } })
  else if (roll < 0.85) server.read(id, Math.floor(random() * (conversation.log.head + 2)))
  else if (roll < 0.9) server.membership(id, { unread_from: target.seq, muted: random() < 0.5 })
  else if (roll < 0.95) server.rename(id, `name ${random()}`)
  else if (id === 'cnv_b') server.leave(id)
}

async function settled(weft: Weft, server: FakeServer): Promise<void> {
  await until(() => {
    const joined = [...server.conversations.values()].filter((c) => c.me)
    const heads = joined.every((c) => view(weft, c.id)?.head_seq === c.log.head)
    return heads && weft.conversations.get().length === joined.length
  }, 'the heads of all logs')
}

async function sameTimeline(weft: Weft, fresh: Weft, id: string): Promise<void> {
  const expected = fresh.timeline(id)
  await until(() => expected.view.get().loading === null)
  const held = weft.timeline(id)
  await until(() => held.view.get().loading === null)
  const wanted = expected.view.get().items.map((i) => i.message)
  const tail = () => held.view.get().items.slice(-wanted.length)
  // A thread that lost a reply is counted by the server a moment later.
  const counts = (items: readonly { replies: unknown }[]) => items.map((m) => m.replies)
  await until(() => sameValue(counts(tail().map((i) => i.message)), counts(wanted)), 'the counts of threads')
  const items = held.view.get().items.map((i) => i.message)
  expect(items.slice(-wanted.length)).toEqual(wanted)
  const seqs = items.map((m) => m.seq)
  expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b))
}

describe('the log', () => {
  it('repairs a gap by catching up', async () => {
    const server = new FakeServer()
    seed(server)
    const weft = await start(server)
    server.mangle = () => []
    server.post('cnv_a', 'usr_ann', 'lost')
    server.mangle = (frame) => [frame]
    server.post('cnv_a', 'usr_ann', 'heard')
    await until(() => view(weft, 'cnv_a')?.unread === 7)
    const socket = [...server.sockets][0]
    const asked = socket?.received.filter((f) => f.t === 'catchup')
    expect(asked).toEqual([{ t: 'catchup', log: 'cnv_a', after: 5 }])
  })

  it('counts a repeated frame once', async () => {
    const server = new FakeServer()
    seed(server)
    const weft = await start(server)
    server.mangle = (frame) => [frame, frame, frame]
    server.post('cnv_a', 'usr_ann', 'hi', { mentions: [ME] })
    await until(() => view(weft, 'cnv_a')?.head_seq === 6)
    expect(view(weft, 'cnv_a')).toMatchObject({ unread: 6, mentions: 1 })
  })

  it('advances past kinds and shapes of a later version', async () => {
    const server = new FakeServer()
    seed(server)
    const weft = await start(server)
    const { log } = server.get('cnv_a')
    server.emit('cnv_a', log, 'x', { k: 'hologram', depth: 3 } as never)
    server.emit('cnv_a', log, 'y', { k: 'member', member: null } as never)
    server.emit(ORG, server.orgLog, 'z', { k: 'principal' } as never)
    server.post('cnv_a', 'usr_ann', 'after')
    await until(() => view(weft, 'cnv_a')?.head_seq === 8)
    expect(view(weft, 'cnv_a')?.unread).toBe(6)
    expect([...server.sockets][0]?.received.some((f) => f.t === 'catchup')).toBe(false)
  })

  it('passes a message of an unknown part through', async () => {
    const server = new FakeServer()
    seed(server)
    const weft = await start(server)
    const timeline = weft.timeline('cnv_a')
    const content = { v: 1 as const, parts: [{ type: 'hologram', depth: 3 } as never] }
    server.post('cnv_a', 'usr_ann', '', { content })
    await until(() => timeline.view.get().items.length === 6)
    expect(timeline.view.get().items.at(-1)?.message.content).toEqual(content)
  })

  it('starts anew in another epoch', async () => {
    const server = new FakeServer()
    seed(server)
    const weft = await start(server)
    const timeline = weft.timeline('cnv_a')
    await until(() => timeline.view.get().items.length === 5)
    server.epoch = 'epoch-2'
    const restored = server.get('cnv_a')
    restored.messages.splice(3)
    restored.log.head = 3
    restored.fields.last_n = 3
    server.cut()
    await until(() => view(weft, 'cnv_a')?.head_seq === 3)
    await online(weft)
    await until(() => timeline.view.get().items.length === 3)
    server.post('cnv_a', 'usr_ann', 'new 4')
    await until(() => textOf(timeline.view.get().items.at(-1) as never) === 'new 4')
    expect(timeline.view.get().items).toHaveLength(4)
  })

  it('begins again where the server could not resume, and heals where it could not catch up', async () => {
    const server = new FakeServer()
    seed(server)
    server.nack = 'resume'
    const weft = await start(server)
    expect(server.connections).toBe(2)
    server.nack = 'catchup'
    server.mangle = () => []
    server.post('cnv_a', 'usr_ann', 'lost')
    server.mangle = (frame) => [frame]
    server.post('cnv_a', 'usr_ann', 'heard')
    await until(() => server.nack === null)
    server.post('cnv_a', 'usr_ann', 'heard too')
    await until(() => view(weft, 'cnv_a')?.head_seq === 8)
  })

  it('follows a conversation joined while an event of it was under way', async () => {
    const server = new FakeServer()
    seed(server)
    server.conversation('cnv_c', 'gamma')
    server.leave('cnv_c')
    const weft = await start(server)
    expect(view(weft, 'cnv_c')).toBeUndefined()
    // The conversation's event overtakes the one that tells of joining.
    const late: unknown[] = []
    server.mangle = (frame) => {
      late.push(frame)
      return []
    }
    server.join('cnv_c')
    server.mangle = (frame) => [frame, ...late]
    server.post('cnv_c', 'usr_ann', 'welcome')
    await until(() => view(weft, 'cnv_c')?.unread === 1)
    server.leave('cnv_c')
    await until(() => view(weft, 'cnv_c') === undefined)
  })
})
