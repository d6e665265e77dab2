import { Problem, type Message } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { IconButton, SidePanel, SkeletonRows } from '@weft/ui'
import { Bell, BellOff } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ProblemBanner, toastProblem } from '../../../shared/problem'
import { commentable } from '../board/post'
import '../board/words'
import { CannotWrite } from '../composer/CannotWrite'
import { Composer } from '../composer/ComposerSlot'
import type { MessageActions, Shown } from '../context'
import { MessageList, type ListControl } from '../list/MessageList'
import { MessageRow } from '../message/MessageRow'
import type { PageState } from '../useActions'
import { SelectionBar } from '../SelectionBar'
import { canEdit, useListContext } from '../useListContext'
import { useSelection } from '../useSelection'
import css from './panels.module.css'

interface Props {
  root: string
  conversation: Shown
  actions: MessageActions
  state: PageState
  onClose: () => void
}

/** A message and its replies, with a composer of its own. */
export function ThreadPanel({ root, conversation, actions, state, onClose }: Props) {
  const { t } = useTranslation('conversation')
  const weft = useWeft()
  const { message, problem } = useRoot(conversation.id, root)
  const timeline = useMemo(() => weft.timeline(conversation.id, root), [weft, conversation.id, root])
  const selection = useSelection(timeline)
  const context = useListContext(conversation, root, actions, selection)
  const control = useRef<ListControl | null>(null)
  const joined = conversation.me !== null
  const editLast = () => {
    const own = timeline.view
      .get()
      .items.findLast((i) => i.message.from === weft.me && i.state === 'sent' && canEdit(i.message))
    if (own) actions.edit(own.message)
  }
  return (
    <SidePanel
      title={t(conversation.kind === 'announcement' ? 'announcements:comments' : 'thread')}
      onClose={onClose}
      actions={joined && <Follow root={root} />}
    >
      {problem ? (
        <div className={css.pad}>
          <ProblemBanner problem={problem} />
        </div>
      ) : !message ? (
        <SkeletonRows rows={4} />
      ) : (
        <>
          <MessageList
            timeline={timeline}
            context={context}
            seq={undefined}
            editingId={state.editingId}
            control={control}
            intro={<Root message={message} editing={state.editingId === root} />}
          />
          {selection.chosen ? (
            <SelectionBar
              selection={selection}
              onForward={(messages, mode, done) => state.setAsking({ kind: 'forward', messages, mode, done })}
            />
          ) : conversation.kind === 'announcement' && !commentable(conversation, message) ? (
            <p className={css.divider}>{t('announcements:commentsOff')}</p>
          ) : joined && !conversation.archived ? (
            <Composer
              conversation={conversation}
              thread={root}
              quote={state.quote?.thread === root ? state.quote : null}
              onQuoteEnd={() => state.setQuote(null)}
              onEditLast={editLast}
              onSent={() => control.current?.toNewest()}
              insert={state.insert}
            />
          ) : (
            <CannotWrite conversation={conversation} onJoin={onClose} />
          )}
        </>
      )}
    </SidePanel>
  )
}

function Root({ message, editing }: { message: Message; editing: boolean }) {
  const { t } = useTranslation('conversation')
  const item = useMemo(() => ({ key: message.id, message, state: 'sent' as const }), [message])
  const count = message.replies?.count ?? 0
  return (
    <>
      <MessageRow item={item} head focusable={false} lit={false} editing={editing} />
      <p className={css.divider}>{count > 0 ? t('replies', { count }) : t('noReplies')}</p>
    </>
  )
}

/** The thread's first message: from the open timeline where it is loaded, else asked for. */
function useRoot(
  conversation: string,
  root: string,
): { message: Message | undefined; problem: Problem | null } {
  const weft = useWeft()
  const main = useMemo(() => weft.timeline(conversation), [weft, conversation])
  const view = useObservable(main.view)
  const live = useMemo(() => view.items.find((i) => i.message.id === root)?.message, [view, root])
  const [fetched, setFetched] = useState<Message>()
  const [problem, setProblem] = useState<Problem | null>(null)
  const known = live !== undefined || fetched !== undefined
  useEffect(() => {
    if (known) return
    let on = true
    weft.api.messages.get(root).then(
      (m) => on && setFetched(m),
      (error: unknown) => on && setProblem(Problem.of(error)),
    )
    return () => {
      on = false
    }
  }, [weft, root, known])
  return { message: live ?? fetched, problem: known ? null : problem }
}

function Follow({ root }: { root: string }) {
  const { t } = useTranslation('conversation')
  const weft = useWeft()
  const state = useObservable(useMemo(() => weft.threads.state(root), [weft, root]))
  const on = state?.following ?? false
  return (
    <IconButton
      label={t(on ? 'unfollow' : 'follow')}
      icon={on ? <Bell size={18} /> : <BellOff size={18} />}
      active={on}
      aria-pressed={on}
      onClick={() => weft.threads.follow(root, !on).catch(toastProblem)}
    />
  )
}
