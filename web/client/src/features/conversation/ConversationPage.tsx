import { useWeft } from '@weft/sdk/react'
import { EmptyState, SkeletonRows } from '@weft/ui'
import { Suspense, useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'

import { useAction } from '../../shared/hooks'
import { ProblemBanner } from '../../shared/problem'
import { DropZone } from './attachments/DropZone'
import { CannotWrite } from './composer/CannotWrite'
import { Composer } from './composer/ComposerSlot'
import type { Shown } from './context'
import css from './conversation.module.css'
import { Header } from './Header'
import { Intro } from './Intro'
import { MessageList, type ListControl } from './list/MessageList'
import {
  Board,
  DetailsPanel,
  Dialogs,
  FilesPanel,
  MembersPanel,
  PinsPanel,
  preload,
  ThreadPanel,
  ThreadsView,
  TopicsView,
} from './parts'
import { useActions } from './useActions'
import { canEdit, useListContext } from './useListContext'
import { SelectionBar } from './SelectionBar'
import { usePlace } from './usePlace'
import { useSelection } from './useSelection'
import { useShown } from './useShown'
import { useView } from './useView'

interface Props {
  conversationId: string
  /** Opens at this message and lights it up. */
  seq?: number
}

/** A conversation: its messages, the composer and the panel at its side. */
export default function ConversationPage({ conversationId, seq }: Props) {
  const { t } = useTranslation('conversation')
  const { shown, problem, retry } = useShown(conversationId)
  if (!shown && problem) {
    return problem.code === 'not_found' || problem.code === 'forbidden' ? (
      <EmptyState title={t('notFound.title')}>{t('notFound.body')}</EmptyState>
    ) : (
      <div className={css.problem}>
        <ProblemBanner problem={problem} retry={retry} />
      </div>
    )
  }
  if (!shown) return <SkeletonRows rows={8} />
  return <Open key={conversationId} conversation={shown} seq={seq} />
}

function Open({ conversation, seq }: { conversation: Shown; seq: number | undefined }) {
  const weft = useWeft()
  const place = usePlace(conversation.id, seq)
  const control = useRef<ListControl | null>(null)
  const { actions, state } = useActions(conversation.id, place, control)
  const timeline = useMemo(() => weft.timeline(conversation.id), [weft, conversation.id])
  const selection = useSelection(timeline)
  const context = useListContext(conversation, undefined, actions, selection)
  const join = useAction(() => weft.api.conversations.join(conversation.id))

  const { view, choose } = useView(conversation, place, seq)
  const board = conversation.kind === 'announcement'
  const other = { conversation, place, actions, state, onJoin: () => void join.run() }

  useEffect(preload, [])

  const editLast = () => {
    const own = timeline.view
      .get()
      .items.findLast((i) => i.message.from === weft.me && i.state === 'sent' && canEdit(i.message))
    if (own) actions.edit(own.message)
  }
  return (
    <div className={css.page}>
      <DropZone
        conversation={conversation.id}
        enabled={conversation.me !== null && !conversation.archived && !board}
        className={css.main}
        label={conversation.title}
      >
        <Header conversation={conversation} place={place} view={view} onView={choose} />
        {board ? (
          <Suspense fallback={<SkeletonRows rows={8} />}>
            <Board timeline={timeline} context={context} seq={seq} />
          </Suspense>
        ) : view !== 'chat' ? (
          <Suspense fallback={<SkeletonRows rows={8} />}>
            {view === 'threads' ? <ThreadsView {...other} /> : <TopicsView {...other} />}
          </Suspense>
        ) : (
          <MessageList
            timeline={timeline}
            context={context}
            seq={seq}
            editingId={state.editingId === place.thread ? null : state.editingId}
            intro={<Intro conversation={conversation} />}
            control={control}
          />
        )}
        {board || view !== 'chat' ? null : selection.chosen ? (
          <SelectionBar
            selection={selection}
            onForward={(messages, mode, done) => state.setAsking({ kind: 'forward', messages, mode, done })}
          />
        ) : conversation.me && !conversation.archived ? (
          <Composer
            conversation={conversation}
            quote={state.quote?.thread && state.quote.conversation === conversation.id ? null : state.quote}
            onQuoteEnd={() => state.setQuote(null)}
            onEditLast={editLast}
            onSent={() => control.current?.toNewest()}
            insert={place.thread ? null : state.insert}
          />
        ) : (
          <CannotWrite conversation={conversation} onJoin={() => void join.run()} />
        )}
      </DropZone>
      <Suspense fallback={null}>
        {place.thread ? (
          <ThreadPanel
            key={place.thread}
            root={place.thread}
            conversation={conversation}
            actions={actions}
            state={state}
            onClose={place.closePanel}
          />
        ) : place.panel === 'members' ? (
          <MembersPanel conversation={conversation} onClose={place.closePanel} />
        ) : place.panel === 'pins' ? (
          <PinsPanel conversation={conversation} actions={actions} onClose={place.closePanel} />
        ) : place.panel === 'files' ? (
          <FilesPanel conversation={conversation} onClose={place.closePanel} />
        ) : place.panel === 'details' ? (
          <DetailsPanel conversation={conversation} onClose={place.closePanel} />
        ) : null}
        {state.asking && <Dialogs state={state} context={context} />}
      </Suspense>
    </div>
  )
}
