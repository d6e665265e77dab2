import { useWeft } from '@weft/sdk/react'
import { useMemo } from 'react'
import { useLocation, useSearch } from 'wouter'

import { useBack } from '../../shared/back'
import { paths } from '../../shared/paths'

export type PanelName = 'members' | 'pins' | 'files' | 'details'

const PANELS: readonly PanelName[] = ['members', 'pins', 'files', 'details']

/** Where the reader is, by the address, and the ways to other places. */
export interface Place {
  thread: string | null
  panel: PanelName | null
  /** The topic that is read, or `none`. */
  topic: string | null
  openThread(root: string): void
  openPanel(panel: PanelName): void
  openTopic(topic: string, instead?: boolean): void
  closePanel(): void
  openConversation(id: string, seq?: number): void
}

/** The side panel's part of the address: `?thread=msg_…` or `?panel=members`. */
export function usePlace(conversation: string, seq: number | undefined): Place {
  const weft = useWeft()
  const [, go] = useLocation()
  const search = useSearch()
  const here = paths.conversation(weft.org, conversation, seq)
  const asked = new URLSearchParams(search).get('topic')
  const topic = asked && /^(top_[0-9a-z]+|none)$/.test(asked) ? asked : null
  const closePanel = useBack(topic ? `${here}?topic=${topic}` : here)
  return useMemo(() => {
    const params = new URLSearchParams(search)
    const thread = params.get('thread')
    const panel = params.get('panel')
    const lane = topic ? `topic=${topic}&` : ''
    return {
      thread: thread && /^msg_[0-9a-z]+$/.test(thread) ? thread : null,
      panel: PANELS.find((name) => name === panel) ?? null,
      topic,
      openThread: (root) => go(`${here}?${lane}thread=${root}`),
      openPanel: (name) => go(`${here}?${lane}panel=${name}`),
      openTopic: (id, instead) =>
        go(`${paths.conversation(weft.org, conversation)}?topic=${id}`, { replace: instead === true }),
      closePanel,
      openConversation: (id, at) => go(paths.conversation(weft.org, id, at)),
    }
  }, [weft, go, search, here, topic, conversation, closePanel])
}
