/** Safari ends a composition before it sends the Enter that ended it; a keydown this soon after is that Enter. */
const AFTER_COMPOSITION_MS = 60

/** Tells keys that belong to an input method from those meant for the app. */
export class ImeGuard {
  private endedAt = -Infinity
  private composing = false

  start(): void {
    this.composing = true
  }

  end(now: number): void {
    this.composing = false
    this.endedAt = now
  }

  /** Whether a keydown is the input method's own. */
  owns(event: {
    isComposing: boolean
    keyCode: number
    key: string
    timeStamp: number
    ctrlKey?: boolean
    metaKey?: boolean
  }): boolean {
    if (event.isComposing || this.composing || event.keyCode === 229) return true
    return (
      event.key === 'Enter' &&
      // No input method ends a composition by Ctrl-Enter.
      !event.ctrlKey &&
      !event.metaKey &&
      event.timeStamp - this.endedAt < AFTER_COMPOSITION_MS &&
      event.timeStamp >= this.endedAt
    )
  }
}

export type SendWith = 'enter' | 'ctrl_enter'

/** Whether an Enter sends (else it breaks the line). */
export function sends(
  event: { shiftKey: boolean; ctrlKey: boolean; metaKey: boolean; altKey: boolean },
  by: SendWith,
): boolean {
  if (event.altKey || event.shiftKey) return false
  const mod = event.ctrlKey || event.metaKey
  return by === 'enter' ? true : mod
}
