import { isDeepStrictEqual } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer, texts, until } from './server.mjs'

const ORG = 'Live Ltd'
let server, ann, bo
let channels = 0

if (!BIN) console.warn('Skipped: set WEFT_BIN to the path of a built `weft`.')

describe.skipIf(!BIN)('the SDK against a server', () => {
  beforeAll(async () => {
    server = await LiveServer.start()
    await server.admin(['create-org', ORG])
    ann = await server.person(ORG, 'Ann', true)
    bo = await server.person(ORG, 'Bo')
  })
  afterAll(() => server?.stop())
  afterEach(() => {
    for (const person of [ann, bo]) {
      person.refuse = false
      person.close()
    }
  })

  /** Both online in a new channel. */
  async function together() {
    const [a, b] = [await ann.device(), await bo.device()]
    const { id } = await a.api.conversations.create({
      kind: 'channel',
      name: `room-${++channels}`,
      members: [bo.id],
    })
    await until(() => a.conversation(id).get() && b.conversation(id).get(), 'both in the channel')
    return { a, b, id }
  }

  async function opened(weft, id, thread) {
    const timeline = weft.timeline(id, thread)
    await until(() => timeline.view.get().loading === null, 'the timeline')
    expect(timeline.view.get().error).toBeNull()
    return timeline
  }

  const view = (weft, id) => weft.conversation(id).get()
  const last = (timeline) => timeline.view.get().items.at(-1)

  /**
   * A conversation without what may differ: until its next start a client dates it by its last message, the
   * server by its last event, and a bootstrap leaves out since when it and the membership are.
   */
  function comparable(weft, id) {
    const { last_at: _, created_at: _c, created_by: _b, me, ...rest } = view(weft, id)
    const { joined_at: _j, ...membership } = me
    return { ...rest, me: membership }
  }

  /** What this client shows is what a new one would. */
  async function sameAsFresh(person, weft, id) {
    const fresh = await person.device()
    await until(
      () => isDeepStrictEqual(comparable(weft, id), comparable(fresh, id)),
      'the same conversation',
    ).catch(() => expect(comparable(weft, id)).toEqual(comparable(fresh, id)))
    const [held, wanted] = [await opened(weft, id), await opened(fresh, id)]
    const messages = (t) => t.view.get().items.map((i) => i.message)
    expect(messages(held).slice(-messages(wanted).length)).toEqual(messages(wanted))
  }

  it('carries a message, its mention and its read mark', async () => {
    const { a, b, id } = await together()
    const [ta, tb] = [await opened(a, id), await opened(b, id)]
    const heard = []
    b.onMessage((message) => heard.push(message.id))
    const local = a.send(id, { text: `**重要：**请 <@${bo.id}>` })
    expect(last(ta)).toMatchObject({ key: local.key, state: 'sending' })
    await until(() => last(ta)?.state === 'sent', 'the acknowledgement')
    expect(last(ta).key).toBe(local.key)
    await until(() => view(b, id).mentions === 1, 'the mention')
    expect(view(b, id).unread).toBe(1)
    expect(last(tb).message).toMatchObject({ from: ann.id, mentions: [bo.id], n: 1 })
    expect(heard).toEqual([last(tb).message.id])
    expect(tb.view.get().firstUnreadSeq).toBe(last(tb).message.seq)
    const second = await bo.device()
    b.markRead(id, last(tb).message.seq)
    expect(view(b, id)).toMatchObject({ unread: 0, mentions: 0 })
    await until(() => view(second, id).unread === 0 && view(second, id).mentions === 0, 'the other device')
    await b.markUnread(id, last(tb).message.seq)
    await until(() => view(second, id).unread === 1, 'marked unread')
    b.markRead(id, last(tb).message.seq)
    await until(() => view(second, id).unread === 0, 'read again')
    await sameAsFresh(bo, b, id)
  })

  it('carries edits, reactions, pins, recalls and removals', async () => {
    const { a, b, id } = await together()
    const [ta, tb] = [await opened(a, id), await opened(b, id)]
    for (const text of ['one', 'two', 'three']) a.send(id, { text })
    await until(() => texts(tb).length === 3, 'three messages')
    await until(() => ta.view.get().items.every((i) => i.state === 'sent'), 'all sent')
    const at = (timeline, n) => timeline.view.get().items.find((i) => i.message.n === n).message
    await a.edit(at(ta, 1), 'first')
    await until(() => texts(tb)[0] === 'first', 'the edit')
    expect(at(tb, 1).edited_at).not.toBeNull()
    await b.react(at(tb, 1), '👍', true)
    await a.react(at(ta, 1), '👍', true)
    await until(() => at(tb, 1).reactions[0]?.count === 2, 'two reactions')
    await until(() => at(ta, 1).reactions[0]?.count === 2, 'both of them')
    await b.react(at(tb, 1), '👍', false)
    await until(() => at(ta, 1).reactions[0]?.count === 1, 'one reaction')
    await a.pin(at(ta, 1), true)
    await until(() => at(tb, 1).pinned?.by === ann.id, 'the pin')
    expect((await b.api.messages.pins(id)).items.map((m) => m.id)).toEqual([at(tb, 1).id])
    await a.recall(at(ta, 2))
    await until(() => at(tb, 2).state === 'recalled', 'the recall')
    await a.remove(at(ta, 3))
    await until(() => at(tb, 3).state === 'deleted', 'the removal')
    expect((await a.api.messages.history(at(ta, 1).id)).items.length).toBeGreaterThan(0)
    await sameAsFresh(bo, b, id)
    await sameAsFresh(ann, a, id)
  })

  it('carries threads and quotes', async () => {
    const { a, b, id } = await together()
    const [ta, tb] = [await opened(a, id), await opened(b, id)]
    a.send(id, { text: 'root' })
    await until(() => texts(tb).length === 1, 'the root')
    const root = last(tb).message
    const thread = await opened(b, id, root.id)
    b.send(id, { text: 'a reply', thread: root.id })
    await until(() => last(thread)?.state === 'sent', 'the reply')
    await until(() => last(ta).message.replies?.count === 1, 'the count')
    expect(texts(tb)).toEqual(['root'])
    expect(view(a, id).unread).toBe(0)
    await until(() => a.threads.state(root.id).get()?.last_n === 1, 'the author follows')
    const list = await a.threads.list()
    expect(list.items.map((t) => t.root)).toContain(root.id)
    await a.threads.markRead(root.id, last(thread).message.seq, 1)
    expect(a.threads.state(root.id).get()).toMatchObject({ read_n: 1, following: true })
    b.send(id, { text: 'see above', quote: root.id })
    await until(() => texts(ta).length === 2, 'the quoting message')
    await until(() => last(tb).message.content.parts.some((p) => p.type === 'quote'), 'the quote')
    await b.remove(last(thread).message)
    await until(
      () => (ta.view.get().items.find((i) => i.message.id === root.id).message.replies?.count ?? 0) === 0,
    )
    await sameAsFresh(ann, a, id)
  })

  it('shows who types and who is there', async () => {
    const { a, b, id } = await together()
    const unwatch = a.watch([bo.id])
    await until(() => a.presence(bo.id).get(), 'Bo online')
    b.typing(id)
    await until(() => a.typingIn(id).get().includes(bo.id), 'Bo typing')
    b.send(id, { text: 'there' })
    await until(() => !a.typingIn(id).get().includes(bo.id), 'Bo done')
    bo.close()
    await until(() => !a.presence(bo.id).get(), 'Bo offline')
    unwatch()
  })

  it('keeps drafts, settings and sections on all devices', async () => {
    const { a, id } = await together()
    const other = await ann.device()
    a.setDraft(id, 'half a')
    await until(() => other.draft(id) === 'half a', 'the draft')
    other.setDraft(id, '')
    await until(() => a.draft(id) === '', 'the end of the draft')
    await a.setSetting('client.theme', 'dark')
    await until(() => other.settings.get()['client.theme'] === 'dark', 'the setting')
    await a.setMembership(id, { favourite: true, section: 'Work', muted: true })
    await until(() => view(other, id).me.section === 'Work', 'the section')
    expect(view(other, id).me).toMatchObject({ favourite: true, muted: true })
    await sameAsFresh(ann, a, id)
  })

  it('tells of people, names and conversations as they change', async () => {
    const { a, b, id } = await together()
    await b.api.me.update({ name: '张伟' })
    await until(() => a.person(bo.id).get()?.name === '张伟', 'the name')
    expect(a.people.search('zw', 5).map((p) => p.id)).toEqual([bo.id])
    expect((await a.people.fetchSearch('zhangwei')).map((p) => p.id)).toContain(bo.id)
    const direct = await a.api.conversations.create({ kind: 'direct', members: [bo.id] })
    await until(() => view(b, direct.id), 'the direct conversation')
    await until(() => view(a, direct.id)?.title === '张伟', 'its title')
    await a.api.conversations.update(id, { topic: 'News' })
    await until(() => view(b, id).topic === 'News', 'the topic')
    const members = b.memberChanges(id).get()
    await a.api.conversations.removeMember(id, bo.id)
    await until(() => !view(b, id), 'Bo is out')
    await b.api.conversations.join(id)
    await until(() => view(b, id), 'Bo is back')
    expect(b.memberChanges(id).get()).toBeGreaterThanOrEqual(members)
    await sameAsFresh(bo, b, id)
    await b.api.me.update({ name: 'Bo' })
  })

  it('loses nothing through a cut, and sends once what waited', async () => {
    const { a, b, id } = await together()
    const tb = await opened(b, id)
    a.send(id, { text: 'before' })
    await until(() => texts(tb).length === 1, 'before')
    bo.refuse = true
    bo.cut()
    await until(() => b.connection.get().state === 'offline', 'offline')
    for (let i = 0; i < 250; i++) a.send(id, { text: `while away ${i}` })
    await until(() => view(a, id).last_n === 251, 'all sent')
    const [first] = (await a.api.messages.page(id, { after_seq: 0, thread: undefined })).items.filter(
      (m) => m.n === 1,
    )
    await a.edit(first, 'before, edited')
    bo.refuse = false
    b.send(id, { text: 'from Bo' })
    await until(() => texts(tb).length === 252, 'everything')
    await until(() => b.connection.get().state === 'online', 'online')
    expect(texts(tb)[0]).toBe('before, edited')
    expect(
      tb.view
        .get()
        .items.filter((i) => i.message.n !== null)
        .map((i) => i.message.n),
    ).toEqual(Array.from({ length: 252 }, (_, i) => i + 1))
    await sameAsFresh(bo, b, id)
  })

  it('survives the sudden end of the server', async () => {
    const { a, b, id } = await together()
    const tb = await opened(b, id)
    const wanted = Array.from({ length: 60 }, (_, i) => `m${i}`)
    for (const text of wanted.slice(0, 30)) a.send(id, { text })
    await until(() => texts(tb).length > 5, 'some')
    await server.kill()
    for (const text of wanted.slice(30)) a.send(id, { text })
    await server.run()
    await until(() => texts(tb).length === 60, 'all', 30_000)
    expect(texts(tb)).toEqual(wanted)
    await sameAsFresh(bo, b, id)
  }, 60_000)

  it('pages, jumps to a time, and refuses in the same words', async () => {
    const { a, id } = await together()
    for (let i = 1; i <= 130; i++) a.send(id, { text: `p${i}` })
    await until(() => view(a, id).last_n === 130, 'all sent')
    const fresh = await ann.device()
    const timeline = await opened(fresh, id)
    const ns = () => timeline.view.get().items.flatMap((i) => i.message.n ?? [])
    while (timeline.view.get().hasBefore) await timeline.loadBefore()
    expect(ns()).toEqual(Array.from({ length: 130 }, (_, i) => i + 1))
    const at = timeline.view.get().items.find((i) => i.message.n === 40).message
    const other = await opened(await ann.device(), id)
    await other.jumpTo({ at: at.at })
    expect(other.view.get().items.map((i) => i.message.n)).toContain(40)
    await other.jumpTo({ seq: at.seq })
    expect(other.view.get().items.map((i) => i.message.seq)).toContain(at.seq)
    await expect(a.api.conversations.get('cnv_00000000000000000000000000')).rejects.toMatchObject({
      status: 404,
    })
    const mine = await a.api.conversations.create({ kind: 'private_channel', name: `secret-${channels}` })
    await expect(bo.api.conversations.get(mine.id)).rejects.toMatchObject({ code: 'not_found' })
    a.send(id, { text: 'x'.repeat(40_001) })
    await until(() => view(a, id).failed, 'the refusal')
  })

  it('ends at once when access does', async () => {
    const { b } = await together()
    await ann.api.people.deactivate(bo.id)
    await until(() => b.connection.get().state === 'signed_out', 'the end')
    await expect(bo.api.me.get()).rejects.toMatchObject({ status: 401 })
  })
})
