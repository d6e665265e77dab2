import type { MessageHit } from '@weft/sdk'
import { Problem } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { Search } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'

import { formatBrief } from '../../lib/time'
import { useSettled } from '../../shared/hooks'
import { PersonAvatar } from '../../shared/PersonAvatar'
import { paths } from '../../shared/paths'
import { toastProblem } from '../../shared/problem'
import { useTimeStyle } from '../../shared/timeStyle'
import type { Result } from './useResults'

const FEW = 4
/** Longest text that is shown of a message. */
const SHOWN = 90

/** A few messages that fit, and the way to all of them. */
export function useMessages(q: string, open: boolean): Result[] {
  const weft = useWeft()
  const { t } = useTranslation('switcher')
  const [, go] = useLocation()
  const style = useTimeStyle()
  const hits = useHits(q, open)
  return useMemo(() => {
    if (!q) return []
    const found = hits.map<Result>(({ message, conversation, snippet }) => {
      const from = snippet.ranges[0]?.[0] ?? 0
      const start = from > SHOWN / 2 ? from - 20 : 0
      const text = snippet.text
        .slice(start)
        .replace(/\uFFFC/g, '@…')
        .replace(/\s+/g, ' ')
        .slice(0, SHOWN)
      const place = paths.conversation(weft.org, conversation.id, message.thread_seq ?? message.seq)
      return {
        key: message.id,
        section: 'messages',
        icon: <PersonAvatar id={message.from ?? ''} size={24} />,
        label: start > 0 ? `…${text}` : text,
        detail: [
          conversation.name && `#${conversation.name}`,
          formatBrief(message.at, Date.now() * 1000, style),
        ]
          .filter(Boolean)
          .join(' · '),
        unread: 0,
        mention: false,
        run: () => go(message.thread ? `${place}?thread=${message.thread}` : place),
      }
    })
    const all: Result = {
      key: 'all',
      section: 'messages',
      icon: <Search size={18} aria-hidden />,
      label: t('searchAll', { query: q }),
      detail: '',
      unread: 0,
      mention: false,
      run: () => go(paths.search(weft.org, { q })),
    }
    return [...found, all]
  }, [q, hits, weft, go, t, style])
}

const NONE: readonly MessageHit[] = []

function useHits(q: string, open: boolean): readonly MessageHit[] {
  const weft = useWeft()
  const settled = useSettled(q, 160)
  const [found, setFound] = useState<{ q: string; hits: readonly MessageHit[] }>({ q: '', hits: NONE })
  useEffect(() => {
    if (!open || !settled) return
    const stop = new AbortController()
    weft.api.search.messages({ q: settled, limit: FEW }, stop.signal).then(
      (page) => setFound({ q: settled, hits: page.items }),
      (error: unknown) => {
        // Offline, refused or no longer wanted: what is known here has to do.
        if (!stop.signal.aborted && !(error instanceof Problem)) toastProblem(error)
      },
    )
    return () => stop.abort()
  }, [weft, settled, open])
  // Hits of the query before would make the list jump.
  return found.q === q ? found.hits : NONE
}
