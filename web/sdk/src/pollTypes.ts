/** Wire types of polls; see `types.ts`. */
import type { Micros } from './types'

/** When people see what was chosen. */
export type PollResults = 'always' | 'voted' | 'closed'

/** What a poll asks, as it was sent. */
export interface PollPart {
  type: 'poll'
  question: string
  options: { id: number; text: string }[]
  /** How many options one person may choose. */
  choices: number
  anonymous: boolean
  results: PollResults
  may_add: boolean
  deadline: Micros | null
}

export interface PollChoice {
  id: number
  text: string
  /** Who added it later. */
  added_by: string | null
  /** Null while results are not shown. */
  votes: number | null
  /** The first five who chose it, of a named poll. */
  faces: string[]
}

/** How far a poll is, the same for everybody. */
export interface Poll {
  options: PollChoice[]
  voters: number
  closed_at: Micros | null
  closed_by: string | null
}

/** A poll as I see it. */
export interface PollView {
  poll: Poll
  mine: number[]
  may_close: boolean
}

/** A poll to be sent. */
export interface NewPoll {
  question: string
  options: string[]
  choices?: number
  anonymous?: boolean
  results?: PollResults
  may_add?: boolean
  deadline?: Micros | null
}
