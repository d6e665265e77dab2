/** True where the command key does what Control does elsewhere. */
export const MAC = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)
/** The name of the main modifier. */
export const MOD = MAC ? '⌘' : 'Ctrl'
export const ALT = MAC ? '⌥' : 'Alt'

/** Whether the main modifier, and no other but perhaps Shift, is held. */
export function mod(event: KeyboardEvent | React.KeyboardEvent): boolean {
  return (MAC ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey) && !event.altKey
}

/** Whether keys typed there are text, so that single-letter shortcuts must stay out. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}
