/** What the server pushes; see `docs/EVENTS.md`. */
export interface Payload {
  v: 1
  t: 'message' | 'clear' | 'alert' | 'test'
  org?: string
  conv?: string
  msg?: string
  seq?: number
  thread?: string
  tag: string
  url?: string
  title?: string
  body?: string
  /** Microseconds since 1970. */
  at?: number
  lang?: string
  badge?: number
  insist?: boolean
}

/** What is kept with a notification that is shown. */
export interface Shown {
  payload: Payload
  /** What it says, the oldest first. */
  lines: string[]
  count: number
}

/** Lines of a conversation that are shown together. */
const LINES = 4

const KINDS = ['message', 'clear', 'alert', 'test']

/** A payload of a version that this worker understands. */
export function read(data: unknown): Payload | null {
  const payload = data as Payload | null
  return payload?.v === 1 && KINDS.includes(payload.t) && typeof payload.tag === 'string' ? payload : null
}

/** What is shown after `payload` came where `before` is shown; null when it says nothing new. */
export function merge(payload: Payload, before: Partial<Shown> | undefined): Shown | null {
  const line = payload.body ?? ''
  if (payload.t !== 'message' || before?.payload?.t !== 'message') return { payload, lines: [line], count: 1 }
  if ((before.payload.seq ?? 0) >= (payload.seq ?? 0)) return null
  return { payload, lines: [...(before.lines ?? []), line].slice(-LINES), count: (before.count ?? 0) + 1 }
}

const WORDS = {
  en: {
    reply: 'Reply',
    write: 'Write a reply',
    read: 'Mark as read',
    more: (count: number) => `${count} new messages`,
    unsent: 'Your reply was not sent',
    open: 'Open Weft and send it again:',
  },
  'zh-CN': {
    reply: '回复',
    write: '输入回复',
    read: '标为已读',
    more: (count: number) => `${count} 条新消息`,
    unsent: '回复未发送',
    open: '请打开经纬重新发送：',
  },
}

export function words(payload: Payload) {
  return WORDS[payload.lang === 'zh-CN' ? 'zh-CN' : 'en']
}

/** The text of a notification: the last lines, and how many there were. */
export function text(shown: Shown): string {
  const hidden = shown.count - shown.lines.length
  const same = shown.lines.every((line) => line === shown.lines[0])
  if (shown.count > 1 && same) return words(shown.payload).more(shown.count)
  return [...(hidden > 0 ? [words(shown.payload).more(shown.count)] : []), ...shown.lines].join('\n')
}
