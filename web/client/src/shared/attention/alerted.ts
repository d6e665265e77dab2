import type { Message, Weft } from '@weft/sdk'
import { attention } from '@weft/sdk/attention'

/** Calls `tell` with what says whether a message meets one's alerts, now and after each change; returns how to end it. */
export function followAlerts(weft: Weft, tell: (alerted: (message: Message) => boolean) => void): () => void {
  const all = attention(weft)
  const read = () => tell((message) => all.alerted(message))
  const { keywords, people } = all.alerts.get()
  if (keywords.length + people.length > 0) read()
  return all.alerts.subscribe(read)
}
