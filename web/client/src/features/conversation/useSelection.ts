import type { Message, Timeline } from '@weft/sdk'
import { toast } from '@weft/ui'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'

/** Most messages that can be forwarded at once. */
const MAX = 100

/** Messages chosen to be forwarded together. */
export interface Selection {
  /** By id; null while nothing is being chosen. */
  chosen: ReadonlyMap<string, Message> | null
  start(message: Message): void
  /** Takes a message in or out; `range` goes on from the one before it. */
  toggle(message: Message, range: boolean): void
  end(): void
}

interface State {
  chosen: ReadonlyMap<string, Message>
  last: Message
}

/** Whether a message can be forwarded at all. */
export function canForward(message: Message): boolean {
  return (
    message.state === 'live' &&
    !message.vanish &&
    !message.content.parts.some((part) => part.type === 'system')
  )
}

/** What is chosen in one list. */
export function useSelection(timeline: Timeline): Selection {
  const { t } = useTranslation('conversation')
  const [state, setState] = useState<State | null>(null)
  return useMemo(() => {
    const put = (next: State) => {
      if (next.chosen.size > MAX) toast({ text: t('selectMax', { max: MAX }) })
      else setState(next)
    }
    return {
      chosen: state?.chosen ?? null,
      start: (message) => setState({ chosen: new Map([[message.id, message]]), last: message }),
      toggle(message, range) {
        const chosen = new Map(state?.chosen)
        if (range && state)
          for (const each of between(timeline, state.last, message)) chosen.set(each.id, each)
        else if (!chosen.delete(message.id)) chosen.set(message.id, message)
        put({ chosen, last: message })
      },
      end: () => setState(null),
    }
  }, [state, timeline, t])
}

function between(timeline: Timeline, one: Message, other: Message): Message[] {
  const [from, to] = [Math.min(one.seq, other.seq), Math.max(one.seq, other.seq)]
  return timeline.view
    .get()
    .items.filter((i) => i.state === 'sent' && i.message.seq >= from && i.message.seq <= to)
    .map((i) => i.message)
    .filter(canForward)
}
