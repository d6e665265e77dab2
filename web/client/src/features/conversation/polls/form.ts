import type { NewPoll, PollResults } from '@weft/sdk'

const MINUTE = 60_000_000
const HOUR = 60 * MINUTE

/** When a poll closes, from now. */
export const TIMES = {
  never: 0,
  inHour: HOUR,
  inDay: 24 * HOUR,
  inThree: 72 * HOUR,
  inWeek: 168 * HOUR,
} as const

export interface Form {
  question: string
  options: readonly string[]
  many: boolean
  /** The most that may be chosen; 0: all. */
  most: number
  anonymous: boolean
  mayAdd: boolean
  results: PollResults
  within: keyof typeof TIMES | 'at'
  /** Local time, as the field gives it. */
  at: string
}

/** Why a form is no poll yet. */
export type Missing = 'twice' | 'tooFew' | 'badTime'

/** The poll that a form describes, or what it lacks. */
export function pollOf(form: Form, now: number): NewPoll | Missing {
  const options = form.options.map((text) => text.trim()).filter((text) => text !== '')
  if (options.length < 2) return 'tooFew'
  if (new Set(options.map((text) => text.toLowerCase())).size < options.length) return 'twice'
  const deadline = deadlineOf(form, now)
  if (deadline === undefined) return 'badTime'
  const all = form.mayAdd ? 20 : options.length
  return {
    question: form.question.trim(),
    options,
    choices: form.many ? Math.min(form.most || all, all) : 1,
    anonymous: form.anonymous,
    may_add: form.mayAdd,
    results: form.results,
    deadline,
  }
}

function deadlineOf({ within, at }: Form, now: number): number | null | undefined {
  if (within !== 'at') return TIMES[within] ? now + TIMES[within] : null
  const time = new Date(at).getTime() * 1000
  return time > now + MINUTE ? time : undefined
}
