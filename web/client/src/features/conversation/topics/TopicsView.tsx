import { topicsOf, type TopicItem } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { EmptyState, IconButton, SkeletonRows } from '@weft/ui'
import { ArrowLeft, Tags } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useBack } from '../../../shared/back'
import { usePhone } from '../../../shared/hooks'
import { paths } from '../../../shared/paths'
import { CannotWrite } from '../composer/CannotWrite'
import { Composer } from '../composer/ComposerSlot'
import type { MessageActions, Shown } from '../context'
import { MessageList, type ListControl } from '../list/MessageList'
import type { PageState } from '../useActions'
import { useListContext } from '../useListContext'
import type { Place } from '../usePlace'
import { useSelection } from '../useSelection'
import { NewTopic } from './NewTopic'
import type { Wanted } from './TopicField'
import { TopicList } from './TopicList'
import { TopicMenu } from './TopicMenu'
import css from './topics.module.css'
import './words'

export interface ViewProps {
  conversation: Shown
  place: Place
  actions: MessageActions
  state: PageState
  onJoin: () => void
}

/** A conversation as its topics: the list, and the chosen one's messages as a chat of their own. */
export function TopicsView(props: ViewProps) {
  const { conversation, place } = props
  const { t } = useTranslation('topics')
  const weft = useWeft()
  const phone = usePhone()
  const view = useObservable(useMemo(() => topicsOf(weft).of(conversation.id), [weft, conversation.id]))
  const [naming, setNaming] = useState(false)
  const [fresh, setFresh] = useState<Wanted | null>(null)
  const started = fresh && view.items.find((item) => item.name.toLowerCase() === fresh.name.toLowerCase())
  const { openTopic } = place
  // A new topic is there with its first message.
  useEffect(() => {
    if (!started) return
    setFresh(null)
    openTopic(started.id, true)
  }, [started, openTopic])
  const first = phone ? undefined : view.items.find((item) => !item.resolved)?.id
  const chosen = fresh ? null : (place.topic ?? first ?? null)
  const manages = useManages(conversation)
  const open = (id: string) => {
    setFresh(null)
    openTopic(id)
  }
  const topic = view.items.find((item) => item.id === chosen)
  // A link may lead to one that is further down the list.
  const missing = place.topic !== null && place.topic !== 'none' && !topic && view.next
  useEffect(() => {
    if (missing)
      topicsOf(weft)
        .more(conversation.id)
        .catch(() => undefined)
  }, [weft, conversation.id, missing])
  const writable = conversation.me !== null && !conversation.archived
  const list = (
    <TopicList
      conversation={conversation}
      view={view}
      chosen={chosen}
      onOpen={open}
      onNew={writable ? () => setNaming(true) : undefined}
    />
  )
  return (
    <div className={css.view}>
      {(!phone || !(chosen || fresh)) && list}
      {(!phone || chosen || fresh) && (
        <section className={css.chat} aria-label={topic?.name ?? fresh?.name ?? t('without')}>
          {(chosen || fresh) && (
            <Head
              conversation={conversation}
              topic={topic}
              name={topic?.name ?? fresh?.name ?? t('without')}
              manages={manages}
              onMerged={open}
              onLeave={fresh ? () => setFresh(null) : undefined}
            />
          )}
          {fresh ? (
            <Fresh {...props} topic={fresh} />
          ) : chosen === 'none' || topic ? (
            <Chat key={chosen} {...props} topic={topic} />
          ) : view.loading || missing ? (
            <SkeletonRows rows={6} />
          ) : (
            <EmptyState
              icon={<Tags size={32} aria-hidden />}
              title={t(view.items.length ? 'pickTitle' : 'emptyTitle')}
            >
              {t(view.items.length ? 'pickBody' : 'emptyBody')}
            </EmptyState>
          )}
        </section>
      )}
      {naming && (
        <NewTopic
          onClose={() => setNaming(false)}
          onStart={(name) => {
            setNaming(false)
            const known = view.items.find((item) => item.name.toLowerCase() === name.toLowerCase())
            if (known) open(known.id)
            else setFresh({ name })
          }}
        />
      )}
    </div>
  )
}

/** Whether the reader may change everybody's topics here. */
function useManages(conversation: Shown): boolean {
  const weft = useWeft()
  const role = useObservable(weft.meView).principal.role
  return conversation.me?.role === 'owner' || role === 'owner' || role === 'admin'
}

function Head(props: {
  conversation: Shown
  topic: TopicItem | undefined
  name: string
  manages: boolean
  onMerged: (into: string) => void
  onLeave: (() => void) | undefined
}) {
  const { conversation, topic, name, manages, onMerged, onLeave } = props
  const { t } = useTranslation('topics')
  const weft = useWeft()
  const phone = usePhone()
  const back = useBack(paths.conversation(weft.org, conversation.id))
  const mine = topic && conversation.me && (manages || topic.created_by === weft.me)
  return (
    <header className={css.head}>
      {phone && <IconButton label={t('back')} icon={<ArrowLeft size={18} />} onClick={onLeave ?? back} />}
      <h2>{name}</h2>
      {topic?.resolved && <span className={css.resolved}>{t('resolved')}</span>}
      {mine && <TopicMenu topic={topic} onMerged={onMerged} />}
    </header>
  )
}

/** The messages of a topic, or those without one, and a composer that sends there. */
function Chat({
  conversation,
  actions,
  state,
  place,
  topic,
  onJoin,
}: ViewProps & { topic: TopicItem | undefined }) {
  const weft = useWeft()
  const id = topic?.id ?? 'none'
  const timeline = useMemo(() => weft.timeline(conversation.id, id), [weft, conversation.id, id])
  const selection = useSelection(timeline)
  const base = useListContext(conversation, undefined, actions, selection)
  const readSeq = useRef(topic?.read_seq ?? conversation.me?.read_seq ?? 0)
  const member = conversation.me !== null
  const context = useMemo(
    () => ({
      ...base,
      lane: {
        readSeq: readSeq.current,
        read: (seq: number) => {
          if (member)
            topicsOf(weft)
              .read(conversation.id, id, seq)
              .catch(() => undefined)
        },
      },
    }),
    [base, member, weft, conversation.id, id],
  )
  const control = useRef<ListControl | null>(null)
  return (
    <>
      <MessageList
        timeline={timeline}
        context={context}
        seq={undefined}
        editingId={state.editingId === place.thread ? null : state.editingId}
        intro={null}
        control={control}
      />
      {member && !conversation.archived ? (
        <Composer
          conversation={conversation}
          {...(topic && { topic })}
          quote={state.quote?.thread ? null : state.quote}
          onQuoteEnd={() => state.setQuote(null)}
          onEditLast={() => undefined}
          onSent={() => control.current?.toNewest()}
          insert={place.thread ? null : state.insert}
        />
      ) : (
        <CannotWrite conversation={conversation} onJoin={onJoin} />
      )}
    </>
  )
}

/** A topic that begins with the message being written. */
function Fresh({ conversation, state, topic }: ViewProps & { topic: Wanted }) {
  const { t } = useTranslation('topics')
  return (
    <>
      <div className={css.grow}>
        <EmptyState title={t('startTitle')}>{t('startBody')}</EmptyState>
      </div>
      <Composer
        conversation={conversation}
        topic={topic}
        quote={null}
        onQuoteEnd={() => state.setQuote(null)}
        onEditLast={() => undefined}
        insert={null}
      />
    </>
  )
}
