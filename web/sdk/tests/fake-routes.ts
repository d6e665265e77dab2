import type { Message } from '../src/types'
import { type FakeServer, ME, ORG } from './fake-server'

type Body = Record<string, unknown>

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
}

export function problem(status: number, code: string, params?: Record<string, unknown>): Response {
  return json({ type: 'about:blank', title: code, status, code, detail: code, params }, status)
}

export function route(
  server: FakeServer,
  method: string,
  path: string,
  query: URLSearchParams,
  body: Body,
): Response {
  const [, root = '', id = '', action = ''] = path.split('/').map(decodeURIComponent)
  if (root === 'me' && id === 'settings') {
    Object.assign(server.settings, body)
    server.emit(ME, server.own, 'settings', { k: 'settings', settings: { ...server.settings } })
    return json(server.settings)
  }
  if (root === 'me') return json(server.me)
  if (root === 'bootstrap') return json(bootstrap(server))
  if (root === 'principals') {
    const ids = query.get('ids')?.split(',') ?? []
    return json({ items: ids.flatMap((p) => server.people.get(p) ?? []), next_cursor: null })
  }
  if (root === 'messages' && method === 'GET') {
    const all = [...server.conversations.values()].flatMap((c) => c.messages)
    const found = all.find((m) => m.id === id)
    return found ? json(found) : problem(404, 'not_found')
  }
  if (root === 'threads') return json({ items: [], next_cursor: null })
  if (root === 'read-all') {
    for (const c of server.conversations.values()) server.read(c.id, c.log.head)
    return new Response(null, { status: 204 })
  }
  if (root === 'conversations' && server.conversations.has(id)) {
    return conversation(server, method, id, action, query, body)
  }
  return problem(404, 'not_found')
}

function conversation(
  server: FakeServer,
  method: string,
  id: string,
  action: string,
  query: URLSearchParams,
  body: Body,
): Response {
  if (action === '') return json(server.view(server.get(id)))
  if (action === 'messages' && method === 'GET') return json(page(server.get(id).messages, query))
  if (action === 'messages') return send(server, id, body)
  if (action === 'changes') {
    const changes = server.changes(id, Number(query.get('after_seq')), 50)
    if (!changes) return problem(404, 'not_found')
    return json({ items: changes.items, upto_seq: changes.upto, more: changes.more })
  }
  if (action === 'unread') server.membership(id, { unread_from: Number(body.from_seq) })
  if (action === 'me') server.membership(id, body)
  if (action === 'read') server.read(id, Number(body.seq))
  if (action === 'draft') draft(server, id, body)
  return new Response(null, { status: 204 })
}

function send(server: FakeServer, id: string, body: Body): Response {
  const nonce = body.nonce as string
  server.nonces.push(nonce)
  const known = server.get(id).messages.find((m) => m.nonce === nonce)
  if (known) return json(known)
  const thread = body.thread ? { thread: body.thread as string } : {}
  return json(server.post(id, ME, body.text as string, { nonce, ...thread }), 201)
}

function draft(server: FakeServer, conversation: string, body: Body): void {
  const thread = (body.thread as string | undefined) ?? null
  const value = { conversation, thread, text: body.text as string, updated_at: server.tick() }
  server.drafts.set(`${conversation}/${thread}`, value)
  server.emit(ME, server.own, `d${conversation}/${thread}`, { k: 'draft', ...value })
}

function page(messages: Message[], query: URLSearchParams) {
  const thread = query.get('thread')
  const limit = Number(query.get('limit') ?? 50)
  const lane = messages.filter((m) => m.thread === thread)
  const number = (name: string): number | null => (query.has(name) ? Number(query.get(name)) : null)
  const at = (test: (m: Message) => boolean): number => {
    const index = lane.findIndex(test)
    return index < 0 ? lane.length : index
  }
  const [before, after, around, time] = ['before_seq', 'after_seq', 'around_seq', 'at'].map(number)
  let from = lane.length - limit
  if (before != null) from = at((m) => m.seq >= before) - limit
  else if (after != null) from = at((m) => m.seq > after)
  else if (around != null) from = at((m) => m.seq >= around) - Math.floor(limit / 2)
  else if (time != null) from = at((m) => m.at >= time) - Math.floor(limit / 2)
  const end = before != null ? at((m) => m.seq >= before) : Math.max(0, from) + limit
  const start = Math.max(0, from)
  const items = structuredClone(lane.slice(start, end))
  return { items, has_before: start > 0, has_after: end < lane.length }
}

function bootstrap(server: FakeServer) {
  const joined = [...server.conversations.values()].filter((c) => c.me)
  const cursors: Record<string, number> = { [ME]: server.own.head, [ORG]: server.orgLog.head }
  for (const c of joined) cursors[c.id] = c.log.head
  return {
    epoch: server.epoch,
    me: server.people.get(ME),
    org: { id: ORG, name: 'One' },
    cursors,
    conversations: joined.map((c) => server.view(c)),
    people: [...server.people.values()],
    drafts: [...server.drafts.values()].filter((d) => d.text !== ''),
    settings: server.settings,
  }
}
