import type { Message, Micros, Page } from './types'

/** A message asks its readers to acknowledge it. */
export interface AckRequest {
  deadline?: Micros
  /** Who is asked; everybody who is there where it is absent. */
  from?: string[]
  /** It is urgent: shown insistently, and brought to people step by step, until they acknowledge it. */
  urgent?: boolean
  /** A deadline that has come by the time the message arrives is dropped. */
  drop_late?: boolean
}

/** A message's urgency: steps are under way, nothing is left to do, or its sender took it back. */
export interface MessageUrgency {
  state: 'open' | 'over' | 'cancelled'
  at: Micros
}

/** What a message asks for, and how far people are. */
export interface MessageAck {
  /** Who is asked by name; empty: everybody who was there. */
  people: string[]
  deadline: Micros | null
  total: number
  /** Those who are done among them. */
  acknowledged: number
  done: number
  reminded_at: Micros | null
  /** Absent where it never was urgent. */
  urgent?: MessageUrgency
}

export type AckState = 'waiting' | 'acknowledged' | 'done'

export interface AckPerson {
  id: string
  /** When they answered. */
  at: Micros | null
}

/** How far people are with what a message asks; who they are, for its sender. */
export interface AckPage extends Page<AckPerson> {
  total: number
  acknowledged: number
  done: number
  /** Null where I am not asked. */
  mine: AckState | null
}

/** What waits for me. */
export interface WaitingPage extends Page<Message> {
  count: number
  /** How many are urgent for me; they come first. */
  urgent: number
}
