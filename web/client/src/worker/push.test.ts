import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { merge, text, type Payload, type Shown } from './payload'
import { answer, click, push } from './push'
import type { WorkerScope } from './scope'

const payload = (seq: number, more: Partial<Payload> = {}): Payload => ({
  v: 1,
  t: 'message',
  org: 'org_a',
  conv: 'cnv_a',
  seq,
  tag: 'cnv_a',
  title: 'Ann',
  body: `line ${seq}`,
  url: `/o/org_a/c/cnv_a/${seq}`,
  lang: 'en',
  ...more,
})

describe('what a notification says', () => {
  it('gathers the messages of a conversation', () => {
    let shown: Shown | undefined
    for (let seq = 1; seq <= 6; seq += 1) shown = merge(payload(seq), shown) ?? shown
    expect(text(shown as Shown)).toBe('6 new messages\nline 3\nline 4\nline 5\nline 6')
  })
  it('ignores what came before', () => {
    const shown = merge(payload(5), undefined) as Shown
    expect(merge(payload(4), shown)).toBeNull()
    expect(merge(payload(5), shown)).toBeNull()
  })
  it('counts where nothing is said', () => {
    const hidden = { body: '你有一条新消息', lang: 'zh-CN' }
    const first = merge(payload(1, hidden), undefined) as Shown
    expect(text(merge(payload(2, hidden), first) as Shown)).toBe('2 条新消息')
  })
})

describe('what people do with it', () => {
  const calls: [string, RequestInit][] = []
  let answers: (number | 'offline')[]
  beforeEach(() => {
    vi.useFakeTimers()
    calls.length = 0
    answers = []
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      calls.push([url, init])
      const status = answers.shift() ?? 200
      if (status === 'offline') throw new TypeError('offline')
      return { ok: status < 300, status }
    })
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  const scope = (windows: object[] = [], notifications: object[] = []) => {
    const showNotification = vi.fn(async () => undefined)
    const openWindow = vi.fn(async () => null)
    const made = {
      clients: { matchAll: async () => windows, openWindow },
      registration: { getNotifications: async () => notifications, showNotification },
      navigator: { setAppBadge: vi.fn(async () => undefined), clearAppBadge: vi.fn(async () => undefined) },
    }
    return { scope: made as unknown as WorkerScope, showNotification, openWindow, navigator: made.navigator }
  }
  const window = (path: string, focused = false) => ({
    url: `https://weft.example${path}`,
    focused,
    focus: vi.fn(async () => undefined),
    postMessage: vi.fn(),
  })
  const notification = (of: Payload) =>
    ({ data: { payload: of, lines: [], count: 1 } }) as unknown as Notification
  const run = async (work: Promise<unknown>) => {
    await vi.runAllTimersAsync()
    await work
  }

  it('sends an answer once, however often it is tried', async () => {
    answers = ['offline', 503, 201]
    await run(answer(scope().scope, notification(payload(3, { thread: 'msg_r' })), 'reply', ' on my way '))
    const sends = calls.slice(0, 3).map(([url, init]) => [url, JSON.parse(init.body as string)] as const)
    expect(new Set(sends.map(([, body]) => body.nonce)).size).toBe(1)
    expect(sends[0]).toEqual([
      '/api/v1/conversations/cnv_a/messages',
      { nonce: expect.stringMatching(/^push-/), text: 'on my way', thread: 'msg_r' },
    ])
    expect(calls[3]?.[0]).toBe('/api/v1/messages/msg_r/thread/read')
    const headers = calls[0]?.[1].headers as Record<string, string> | undefined
    expect(headers?.['Weft-Org']).toBe('org_a')
  })
  it('says so when an answer was refused, and keeps it', async () => {
    answers = [403]
    const { scope: worker, showNotification } = scope()
    await run(answer(worker, notification(payload(3)), 'reply', 'hello'))
    expect(calls).toHaveLength(1)
    expect(showNotification).toHaveBeenCalledWith(
      'Your reply was not sent',
      expect.objectContaining({ body: expect.stringContaining('hello') }),
    )
  })
  it('opens the conversation where nothing can be written', async () => {
    const { scope: worker, openWindow } = scope()
    await run(answer(worker, notification(payload(3)), 'reply', ''))
    expect(openWindow).toHaveBeenCalledWith('/o/org_a/c/cnv_a/3')
  })
  it('brings the page of the org to the front', async () => {
    const [other, same] = [window('/o/org_b', true), window('/o/org_a/people')]
    const { scope: worker, openWindow } = scope([other, same])
    await run(click(worker, notification(payload(3))))
    expect(same.postMessage).toHaveBeenCalledWith({ t: 'open', url: '/o/org_a/c/cnv_a/3' })
    expect(same.focus).toHaveBeenCalled()
    expect(openWindow).not.toHaveBeenCalled()
  })
  it('shows nothing to who has the org in front of them', async () => {
    const { scope: worker, showNotification } = scope([window('/o/org_a/c/cnv_b', true)])
    await run(push(worker, payload(3)))
    expect(showNotification).not.toHaveBeenCalled()
    await run(push(worker, payload(4, { org: 'org_b' })))
    expect(showNotification).toHaveBeenCalledTimes(1)
  })
  it('answers in what a page has shown by itself', async () => {
    const reply = { org: 'org_a', conversation: 'cnv_a', thread: null }
    const shown = {
      data: { url: '/o/org_a/c/cnv_a', reply },
      tag: 'cnv_a',
      lang: '',
    } as unknown as Notification
    await run(answer(scope().scope, shown, 'reply', 'yes'))
    expect(calls.map(([url]) => url)).toEqual(['/api/v1/conversations/cnv_a/messages'])
    const { scope: worker, showNotification } = scope([], [shown])
    await run(push(worker, payload(3)))
    expect(showNotification).toHaveBeenCalledTimes(1)
  })
  it('takes away what was read elsewhere', async () => {
    const close = vi.fn()
    const { scope: worker, navigator } = scope([], [{ close, data: {} }])
    await run(push(worker, { v: 1, t: 'clear', tag: 'cnv_a', badge: 0 }))
    expect(close).toHaveBeenCalled()
    expect(navigator.clearAppBadge).toHaveBeenCalled()
  })
  it('ignores what it does not understand', async () => {
    const { scope: worker, showNotification } = scope()
    for (const strange of [
      null,
      {},
      { v: 2, t: 'message', tag: 'x' },
      { v: 1, t: 'dance', tag: 'x' },
      'text',
    ])
      await run(push(worker, strange))
    expect(showNotification).not.toHaveBeenCalled()
  })
})
