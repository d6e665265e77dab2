import type { Message, SystemPart, TimelineItem, TopicRef } from '@weft/sdk'

import { dayKey, type TimeStyle } from '../../lib/time'

/** What the message list shows, one entry per measured block. */
export type Row =
  | { kind: 'intro'; key: string }
  | { kind: 'day'; key: string; at: number }
  | { kind: 'new'; key: string }
  /** What the following messages are about; null: nothing any more. */
  | { kind: 'topic'; key: string; topic: TopicRef | null }
  | { kind: 'system'; key: string; items: readonly TimelineItem[] }
  | { kind: 'message'; key: string; item: TimelineItem; head: boolean }

export interface RowOptions {
  style: TimeStyle
  /** The beginning of the conversation is loaded: an introduction stands on top. */
  intro: boolean
  /** Where the "new messages" line stands: before this seq. */
  newFrom: number | null
  /** Messages of one topic stand under its name. */
  topics: boolean
}

/** Messages of one author within this time share one face and name. */
export const GROUP_WITHIN = 5 * 60 * 1_000_000

const GROUPED_CODES = new Set(['member.joined', 'member.left', 'member.invited', 'member.removed'])

/** The system part of a message, if it is one. */
export function systemPart(message: Message): SystemPart | undefined {
  const first = message.content.parts[0]
  return first?.type === 'system' ? (first as SystemPart) : undefined
}

/** Lays out loaded messages with day separators, the "new" line, author groups and joined system lines. */
export function buildRows(items: readonly TimelineItem[], options: RowOptions): Row[] {
  const rows: Row[] = []
  if (options.intro) rows.push({ kind: 'intro', key: 'intro' })
  let day = ''
  let before: TimelineItem | undefined
  let marked = false
  let topic = ''
  for (const item of items) {
    const { message } = item
    // What has vanished leaves no trace, unless a thread hangs on it.
    if (message.state === 'vanished' && !message.replies) continue
    const today = dayKey(message.at, options.style)
    const newDay = today !== day
    if (newDay) rows.push({ kind: 'day', key: `day-${today}`, at: message.at })
    day = today
    const newHere: boolean =
      !marked && options.newFrom !== null && message.seq >= options.newFrom && item.state === 'sent'
    if (newHere) rows.push({ kind: 'new', key: 'new' })
    marked ||= newHere
    const system = systemPart(message)
    const other: boolean = options.topics && !system && (message.topic?.name ?? '') !== topic
    if (other) {
      topic = message.topic?.name ?? ''
      rows.push({ kind: 'topic', key: `topic-${item.key}`, topic: message.topic ?? null })
    }
    const apart = newDay || newHere || other
    if (system) addSystem(rows, item, apart)
    else rows.push({ kind: 'message', key: item.key, item, head: apart || !continues(before, item) })
    before = item
  }
  return rows
}

function addSystem(rows: Row[], item: TimelineItem, apart: boolean): void {
  const last = rows.at(-1)
  const groupable = GROUPED_CODES.has(systemPart(item.message)!.code)
  if (!apart && groupable && last?.kind === 'system' && sameStory(last.items.at(-1)!, item)) {
    rows[rows.length - 1] = { ...last, items: [...last.items, item] }
  } else {
    rows.push({ kind: 'system', key: item.key, items: [item] })
  }
}

function sameStory(a: TimelineItem, b: TimelineItem): boolean {
  const x = systemPart(a.message)
  const y = systemPart(b.message)
  if (!x || !y || x.code !== y.code) return false
  const actor = (code: string) => code === 'member.invited' || code === 'member.removed'
  return !actor(x.code) || a.message.from === b.message.from
}

function continues(before: TimelineItem | undefined, item: TimelineItem): boolean {
  if (!before) return false
  const a = before.message
  const b = item.message
  if (systemPart(a) || a.from !== b.from) return false
  return Math.abs(b.at - a.at) < GROUP_WITHIN
}
