import type { ForwardMode, MergedForwardPart, Message, Weft } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { toast } from '@weft/ui'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { nodesText, parseMarkdown } from '../../lib/markdown'
import { emitIntent } from '../../shared/intents'
import { absolute, paths } from '../../shared/paths'
import { toastProblem } from '../../shared/problem'
import type { MessageActions } from './context'
import { countEmoji } from '../../shared/emoji/frequent'
import type { ListControl } from './list/MessageList'
import { messageText, quotableText } from '../../shared/messageText'
import { carriedQuote, quoteArrived } from './quotes'
import type { Place } from './usePlace'

/** A dialog about messages. */
export type Asking =
  | { kind: 'delete' | 'history' | 'quote' | 'buzz' | 'topic'; message: Message }
  | { kind: 'forward'; messages: readonly Message[]; mode: ForwardMode; done?: () => void }
  /** Chat histories, each opened from the one before. */
  | { kind: 'merged'; stack: readonly MergedForwardPart[] }
  | null

/** What a page keeps while its messages are acted on. */
export interface PageState {
  quote: Message | null
  setQuote: (message: Message | null) => void
  editingId: string | null
  setEditingId: (id: string | null) => void
  asking: Asking
  setAsking: (asking: Asking) => void
  insert: { text: string } | null
}

/** Texts of own messages recalled since the page was loaded, so that they can be written again. */
const recalled = new Map<string, string>()
const RECALLED_MAX = 50

export function recalledText(id: string): string | undefined {
  return recalled.get(id)
}

/** Everything that can be done with messages, and the state it needs. */
export function useActions(conversation: string, place: Place, control: { current: ListControl | null }) {
  const { t } = useTranslation('conversation')
  const weft = useWeft()
  const [quote, setQuote] = useState(() => carriedQuote(conversation))
  useEffect(quoteArrived, [])
  const [editingId, setEditingId] = useState<string | null>(null)
  const [asking, setAsking] = useState<Asking>(null)
  const [insert, setInsert] = useState<{ text: string } | null>(null)
  const go = useRef(place)
  go.current = place

  const actions = useMemo<MessageActions>(
    () => ({
      react(message, emoji) {
        const on = !message.reactions.some((r) => r.emoji === emoji && r.by.includes(weft.me))
        if (on) countEmoji(emoji)
        weft.react(message, emoji, on).catch(toastProblem)
      },
      openThread: (message) => go.current.openThread(message.id),
      save: (message) =>
        void import('../../shared/later/save')
          .then((part) => part.save(weft, message.id))
          .catch(toastProblem),
      quote: setQuote,
      quoteElsewhere: (message) => setAsking({ kind: 'quote', message }),
      forward: (message) => setAsking({ kind: 'forward', messages: [message], mode: 'separate' }),
      edit: (message) => setEditingId(message.id),
      stopEditing() {
        setEditingId(null)
        emitIntent('focus-composer', {})
      },
      recall(message) {
        if (recalled.size >= RECALLED_MAX) recalled.delete(recalled.keys().next().value!)
        recalled.set(message.id, messageText(message))
        weft.recall(message).catch(toastProblem)
      },
      remove: (message) => setAsking({ kind: 'delete', message }),
      buzz: (message) => setAsking({ kind: 'buzz', message }),
      pin(message, on) {
        weft.pin(message, on).then(() => toast({ text: t(on ? 'pinnedDone' : 'unpinnedDone') }), toastProblem)
      },
      copyLink: (message) => copy(absolute(linkTo(weft, message)), t('linkCopied')),
      copyText: (message) => copy(readable(weft, quotableText(message)), t('textCopied')),
      markUnread(message) {
        control.current?.hold(message.seq)
        weft.markUnread(message.conversation, message.seq).catch(toastProblem)
      },
      history: (message) => setAsking({ kind: 'history', message }),
      retry: (nonce, confirmAll) => weft.retry(nonce, confirmAll ? { confirmAll } : {}),
      discard: (nonce) => weft.discard(nonce),
      rewrite(message) {
        const text = recalled.get(message.id)
        if (text !== undefined) setInsert({ text })
      },
      openMerged: (part) =>
        setAsking((now) => ({ kind: 'merged', stack: [...(now?.kind === 'merged' ? now.stack : []), part] })),
      openTopic: (id) => go.current.openTopic(id),
      moveTopic: (message) => setAsking({ kind: 'topic', message }),
      openConversation: (id, seq) => go.current.openConversation(id, seq),
    }),
    [weft, t, control],
  )
  const state: PageState = { quote, setQuote, editingId, setEditingId, asking, setAsking, insert }
  return { actions, state }
}

function linkTo(weft: Weft, message: Message): string {
  const path = paths.conversation(weft.org, message.conversation, message.seq)
  return message.thread
    ? `${paths.conversation(weft.org, message.conversation)}?thread=${message.thread}`
    : path
}

/** Markdown as plain words, with names where ids stand. */
function readable(weft: Weft, text: string): string {
  const name = (id: string) =>
    (id.startsWith('cnv_') ? weft.conversation(id).get()?.title : weft.person(id).get()?.name) ?? '…'
  return (
    text.replace(/<([@#])((?:usr|cnv)_[0-9a-z]+)>/g, (_, sign: string, id: string) => sign + name(id)) ||
    nodesText(parseMarkdown(text), name)
  )
}

function copy(text: string, done: string): void {
  navigator.clipboard.writeText(text).then(() => toast({ text: done }), toastProblem)
}
