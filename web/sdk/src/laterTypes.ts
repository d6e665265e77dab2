/** Wire types of what is for later: scheduled messages, and what is kept. */
import type { NewMessage } from './api/messages'
import type { FileRef } from './fileTypes'
import type { Message, Micros, Seq } from './types'

/** A moment to come: an instant, or what a clock in an IANA zone shows then. */
export type When = { at: Micros } | { local: string; zone?: string }

/** A message that is sent at a time. */
export interface Scheduled {
  id: string
  conversation: string
  at: Micros
  state: 'waiting' | 'sending' | 'failed'
  message: NewMessage
  files: FileRef[]
  failed_at: Micros | null
  /** Why it could not be sent. */
  reason: string | null
  created_at: Micros
}

/** That something about a scheduled message changed. */
export interface ScheduledMark {
  id: string
  conversation: string
  state: 'waiting' | 'sending' | 'failed' | 'gone'
}

/** What is kept, without its words. */
export interface SavedMark {
  id: string
  /** Null for a note. */
  message: string | null
  state: 'open' | 'done' | 'gone'
  saved_at: Micros
  remind_at: Micros | null
  /** When the reminder came. */
  reminded_at: Micros | null
}

/** What is kept, whole. */
export interface SavedItem {
  id: string
  message_id: string | null
  conversation: string | null
  /** As it now is; null where it cannot be read now. */
  message: Message | null
  note: string
  state: 'open' | 'done'
  saved_at: Micros
  remind_at: Micros | null
  reminded_at: Micros | null
}

export interface SavedPatch {
  state?: 'open' | 'done'
  note?: string
  remind?: When | null
}

/** A reminder whose time has come. */
export interface ReminderFrame {
  t: 'reminder'
  saved: string
  conv: string | null
  message: string | null
  seq: Seq | null
  note: string
}
