import type { Message } from '@weft/sdk'

let carried: { conversation: string; message: Message } | null = null

/** Has a message quoted in another conversation as soon as that is opened. */
export function quoteIn(conversation: string, message: Message): void {
  carried = { conversation, message }
}

/** The message to quote in a conversation that was just opened; forgotten when another one is. */
export function carriedQuote(conversation: string): Message | null {
  if (carried?.conversation !== conversation) carried = null
  return carried?.message ?? null
}

/** The quote is with the page now. */
export function quoteArrived(): void {
  carried = null
}
