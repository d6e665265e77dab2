import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Timeline, Weft } from '../src/index'
import { FakeServer, ME } from './fake-server'
import { online, openWeft, reconnect, textOf, until } from './helpers'

const COUNT = 4500
let server: FakeServer
let weft: Weft

beforeEach(async () => {
  server = new FakeServer()
  server.conversation('cnv_a', 'alpha')
  weft = await openWeft(server)
  await online(weft)
})
afterEach(() => weft.close())

function fill(count: number): void {
  server.mangle = () => []
  for (let i = 1; i <= count; i++) server.post('cnv_a', 'usr_ann', `m${i}`)
  server.mangle = (frame) => [frame]
}

async function opened(thread?: string): Promise<Timeline> {
  const timeline = weft.timeline('cnv_a', thread)
  await until(() => timeline.view.get().loading === null)
  return timeline
}

/** Ordinals shown; throws where they are not a run. */
function run(timeline: Timeline): number[] {
  const ns = timeline.view.get().items.map((item) => item.message.n as number)
  const first = ns[0] ?? 0
  expect(ns).toEqual(ns.map((_, i) => first + i))
  return ns
}

describe('a window', () => {
  it('goes to the beginning and back, bounded, without a gap or a repetition', async () => {
    fill(COUNT)
    const timeline = await opened()
    expect(run(timeline).at(-1)).toBe(COUNT)
    while (timeline.view.get().hasBefore) {
      await timeline.loadBefore()
      expect(run(timeline).length).toBeLessThanOrEqual(2000)
    }
    expect(run(timeline)[0]).toBe(1)
    expect(timeline.view.get().hasAfter).toBe(true)
    server.post('cnv_a', 'usr_ann', 'far away')
    while (timeline.view.get().hasAfter) {
      await timeline.loadAfter()
      expect(run(timeline).length).toBeLessThanOrEqual(2000)
    }
    expect(run(timeline).at(-1)).toBe(COUNT + 1)
    expect(timeline.view.get().hasBefore).toBe(true)
    server.post('cnv_a', 'usr_ann', 'near')
    await until(() => run(timeline).at(-1) === COUNT + 2)
  })

  it('jumps to a place, a time, the first unread and the newest', async () => {
    fill(500)
    const timeline = await opened()
    await timeline.jumpTo({ seq: 100 })
    expect(run(timeline)).toContain(100)
    await timeline.jumpTo({ at: server.get('cnv_a').messages[299]?.at as number })
    expect(run(timeline)).toContain(300)
    server.read('cnv_a', 200)
    await until(() => weft.conversation('cnv_a').get()?.me.read_n === 200)
    await timeline.jumpTo('firstUnread')
    expect(run(timeline)).toContain(201)
    expect(timeline.view.get().firstUnreadSeq).toBe(201)
    await timeline.jumpTo('newest')
    expect(run(timeline).at(-1)).toBe(500)
    expect(timeline.view.get().hasAfter).toBe(false)
  })

  it('shows what is on its way only at the living end', async () => {
    fill(300)
    const timeline = await opened()
    await timeline.jumpTo({ seq: 100 })
    weft.send('cnv_a', { text: 'mine' })
    await until(() => server.get('cnv_a').messages.length === 301)
    expect(run(timeline)).not.toContain(301)
    await timeline.jumpTo('newest')
    expect(run(timeline).at(-1)).toBe(301)
  })

  it('keeps events that come while a page is under way', async () => {
    fill(60)
    let release: () => void = () => {}
    const answered = new Promise<void>((resolve) => (release = resolve))
    const { fetch } = server
    server.intercept = (method, path) => {
      if (method !== 'GET' || !path.endsWith('/messages')) return undefined
      // The page is as of now, and arrives when the events after it have.
      server.intercept = () => undefined
      const page = fetch(`http://weft.test/api/v1${path}`)
      return answered.then(() => page)
    }
    const timeline = weft.timeline('cnv_a')
    await until(() => server.requests.filter((r) => r.endsWith('/messages')).length === 2)
    const last = server.get('cnv_a').messages[59]
    server.post('cnv_a', 'usr_ann', 'meanwhile')
    server.react('cnv_a', last?.id as string, '+1', 'usr_bo', true)
    await until(() => weft.conversation('cnv_a').get()?.head_seq === 62)
    release()
    await until(() => timeline.view.get().loading === null)
    expect(run(timeline).at(-1)).toBe(61)
    expect(timeline.view.get().items.at(-2)?.message.reactions).toEqual([
      { emoji: '+1', count: 1, by: ['usr_bo'] },
    ])
  })

  it('says what went wrong, and loads when the connection is back', async () => {
    fill(10)
    server.down = true
    const timeline = await opened()
    expect(timeline.view.get().error?.code).toBe('offline')
    server.down = false
    await reconnect(server, weft)
    await until(() => timeline.view.get().items.length === 10)
    expect(timeline.view.get().error).toBeNull()
  })
})

describe('threads', () => {
  it('have their own window, and count at their root', async () => {
    const root = server.post('cnv_a', 'usr_ann', 'root')
    const main = await opened()
    const thread = await opened(root.id)
    server.post('cnv_a', 'usr_bo', 'one', { thread: root.id })
    server.post('cnv_a', 'usr_bo', 'two', { thread: root.id })
    await until(() => thread.view.get().items.length === 2)
    expect(thread.view.get().items.map(textOf)).toEqual(['one', 'two'])
    expect(main.view.get().items.map(textOf)).toEqual(['root'])
    expect(main.view.get().items[0]?.message.replies).toMatchObject({ count: 2, last_n: 2, by: ['usr_bo'] })
  })

  it('show my reply at once, and once', async () => {
    const root = server.post('cnv_a', 'usr_ann', 'root')
    const thread = await opened(root.id)
    weft.send('cnv_a', { text: 'mine', thread: root.id })
    expect(thread.view.get().items.map((i) => [textOf(i), i.state])).toEqual([['mine', 'sending']])
    await until(() => thread.view.get().items[0]?.state === 'sent')
    expect(thread.view.get().items).toHaveLength(1)
    expect(weft.conversation('cnv_a').get()?.unread).toBe(1)
  })
})

describe('reactions', () => {
  it('show at once, agree with the log, and go where the server refuses', async () => {
    server.post('cnv_a', 'usr_ann', 'nice')
    const timeline = await opened()
    const reactions = () => timeline.view.get().items[0]?.message.reactions
    const message = timeline.view.get().items[0]?.message as never
    const refused = weft.react(message, '+1', true)
    expect(reactions()).toEqual([{ emoji: '+1', count: 1, by: [ME] }])
    await expect(refused).rejects.toMatchObject({ code: 'not_found' })
    expect(reactions()).toEqual([])
    server.react('cnv_a', server.get('cnv_a').messages[0]?.id as string, '+1', 'usr_bo', true)
    await until(() => reactions()?.[0]?.count === 1)
  })
})
