import type { Message } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { useMemo, useRef } from 'react'

import { useAlerted } from '../../shared/attention/useAlerted'
import { useBubbles } from '../../shared/preferences'
import type { ListContextValue, Shown } from './context'
import { useTimeStyle } from '../../shared/timeStyle'
import { recalledText } from './useActions'

/** A message whose text can be changed by its author. */
export function canEdit(message: Message): boolean {
  return message.state === 'live' && message.content.parts.some((p) => p.type === 'markdown')
}

/** What the rows of a list share. */
export function useListContext(
  conversation: Shown,
  thread: string | undefined,
  actions: ListContextValue['actions'],
  selection: ListContextValue['selection'],
): ListContextValue {
  const weft = useWeft()
  const style = useTimeStyle()
  const [bubbles] = useBubbles()
  const chat = conversation.kind === 'direct' || conversation.kind === 'group'
  const role = weft.meView.get().principal.role
  const canModerate = conversation.me?.role === 'owner' || role === 'owner' || role === 'admin'
  const alerted = useAlerted()
  const unfolded = useRef(new Set<string>())
  return useMemo(
    () => ({
      conversation,
      me: weft.me,
      style,
      mirrored: bubbles && chat && !thread,
      thread,
      canModerate,
      actions,
      selection,
      recalledText,
      alerted,
      unfolded: unfolded.current,
    }),
    [conversation, weft, style, bubbles, chat, thread, canModerate, actions, selection, alerted],
  )
}
