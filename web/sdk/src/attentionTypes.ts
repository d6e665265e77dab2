/** Wire types of what a person wants to be told of. */
import type { Message, Micros } from './types'

/** Which messages of a conversation one is told of. */
export type Level = 'all' | 'mentions' | 'nothing'

/** What a person says about what they are doing; `until` is when it ends by itself. */
export interface Status {
  emoji: string
  text: string
  until: Micros | null
  /** On leave: who writes to them is told, once a day, with `reply`. */
  away?: boolean
  reply?: string
}

/** When somebody is not to be disturbed. */
export interface Dnd {
  until?: Micros | null
  schedule?: DndSchedule | null
}

export interface DndSchedule {
  /** IANA. */
  timezone: string
  spans: DndSpan[]
}

/** Begins on the days named (1 is Monday), in minutes after midnight; ends on the next day where `to` is not later. */
export interface DndSpan {
  days: number[]
  from: number
  to: number
}

/** What calls me besides mentions, and whom I always hear. */
export interface Alerts {
  keywords: string[]
  people: string[]
  vips: string[]
  mentions_pass: boolean
  /** Wishes for what is kept apart from messages; absent from what an earlier version kept. */
  streams?: { announcements: StreamWishes }
}

export interface StreamWishes {
  /** Where a conversation has no level of its own. */
  level: Level | null
  /** Whether it counts on the app's icon and title. */
  badge: boolean
}

/** One thing that calls me. */
export interface InboxItem {
  why: 'mention' | 'all' | 'alert' | 'reply' | 'reaction'
  unread: boolean
  at: Micros
  message: Message
  keywords: string[]
  person: boolean
}
