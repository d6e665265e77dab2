import type { ConversationView, Membership, MergedForwardPart, Message } from '@weft/sdk'
import { createContext, useContext } from 'react'

import type { TimeStyle } from '../../lib/time'
import type { Selection } from './useSelection'

/** A conversation on screen: a joined one, or a public channel that is only looked at (`me` is null). */
export type Shown = Omit<ConversationView, 'me'> & { me: Membership | null }

/** What can be done with a message; every button, key and menu goes through these. */
export interface MessageActions {
  react(message: Message, emoji: string): void
  openThread(message: Message): void
  /** Keeps it for later, or no longer. */
  save(message: Message): void
  quote(message: Message): void
  quoteElsewhere(message: Message): void
  forward(message: Message): void
  edit(message: Message): void
  stopEditing(): void
  recall(message: Message): void
  remove(message: Message): void
  pin(message: Message, on: boolean): void
  /** Makes an own message urgent. */
  buzz(message: Message): void
  copyLink(message: Message): void
  copyText(message: Message): void
  markUnread(message: Message): void
  history(message: Message): void
  retry(nonce: string, confirmAll?: boolean): void
  discard(nonce: string): void
  /** Puts a recalled message's text back into the composer. */
  rewrite(message: Message): void
  openConversation(id: string, seq?: number): void
  openMerged(part: MergedForwardPart): void
  openTopic(id: string): void
  moveTopic(message: Message): void
}

/** What every row of one list shares. */
export interface ListContextValue {
  conversation: Shown
  me: string
  style: TimeStyle
  /** Own messages stand at the right, as bubbles. */
  mirrored: boolean
  /** The list shows the replies of one thread. */
  thread: string | undefined
  /** The list shows one topic: how far it was read before, and how to say so. */
  lane?: { readSeq: number; read(seq: number): void }
  /** The caller may delete other people's messages. */
  canModerate: boolean
  actions: MessageActions
  selection: Selection
  /** Texts of own messages recalled in this session, by message id. */
  recalledText(id: string): string | undefined
  /** Whether a message meets the reader's alerts. */
  alerted(message: Message): boolean
  /** Ids of long messages that the reader has unfolded. */
  unfolded: Set<string>
}

const Context = createContext<ListContextValue | null>(null)

export const ListContextProvider = Context.Provider

export function useList(): ListContextValue {
  const value = useContext(Context)
  if (!value) throw new Error('a message row outside a message list')
  return value
}
