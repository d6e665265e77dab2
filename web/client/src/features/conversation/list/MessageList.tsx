import type { Timeline } from '@weft/sdk'
import { useObservable } from '@weft/sdk/react'
import { Banner, Button, SkeletonRows } from '@weft/ui'
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { MarkdownSlotsProvider } from '../../../lib/markdown'
import { formatDay } from '../../../lib/time'
import { problemText } from '../../../shared/problem'
import { ListContextProvider, type ListContextValue } from '../context'
import { MessageRow } from '../message/MessageRow'
import { slots } from '../message/slots'
import { SystemLine } from '../message/SystemLine'
import { buildRows, type Row } from '../rows'
import { AnchoredList, type ListHandle, type Viewport } from './AnchoredList'
import { DayMenu } from './DayMenu'
import css from './list.module.css'
import { Overlay } from './Overlay'
import { RowBoundary } from './RowBoundary'
import { Signal } from './signal'
import { useJump } from './useJump'
import { TopicLine } from './TopicLine'
import { useKeys } from './useKeys'
import { useReading } from './useReading'

/** What a page may ask of its list. */
export interface ListControl {
  /** Nothing counts as read until the reader leaves; the "new" line stands before `seq`. */
  hold(seq: number): void
  toNewest(): void
}

interface Props {
  timeline: Timeline
  context: ListContextValue
  /** Opens here instead of at the first unread or the newest. */
  seq: number | undefined
  editingId: string | null
  intro: ReactNode
  /** What the page may ask of the list. */
  control: { current: ListControl | null }
}

/** The messages of a conversation or a thread. Remount it (by key) for another one. */
export function MessageList({ timeline, context, seq, editingId, intro, control }: Props) {
  const { t } = useTranslation('conversation')
  const view = useObservable(timeline.view)
  const handle = useRef<ListHandle>(null)
  const [viewport] = useState(() => new Signal<Viewport>({ first: -1, last: -1, under: -1, atBottom: true }))
  const reading = useReading({
    conversation: context.conversation,
    thread: context.thread,
    lane: context.lane,
    view,
  })

  const first = view.items[0]?.message.seq
  const lineKnown =
    reading.newFrom !== null && (!view.hasBefore || (first !== undefined && first < reading.newFrom))
  const rows = useMemo(
    () =>
      buildRows(view.items, {
        style: context.style,
        intro: !view.hasBefore && view.loading !== 'initial',
        newFrom: lineKnown ? reading.newFrom : null,
        topics: !context.thread && !context.lane,
      }),
    [view, context.style, context.thread, context.lane, lineKnown, reading.newFrom],
  )
  const newIndex = useMemo(() => {
    if (reading.newFrom === null) return null
    return lineKnown ? newLine(rows) : -1
  }, [rows, lineKnown, reading.newFrom])

  const [markedFrom] = useState(context.thread || context.lane ? null : context.conversation.unreadFrom)
  const jump = useJump(timeline, rows, seq, lineKnown && newLine(rows) !== null, markedFrom)
  useEffect(() => {
    control.current = {
      hold: reading.hold,
      toNewest: () => jump.toNewest(timeline.view.get().hasAfter, handle.current),
    }
  })
  const unseen = useUnseen(view.items.at(-1)?.message.seq, viewport, context.conversation.unread)

  const find = useCallback((id: string) => view.items.find((i) => i.message.id === id)?.message, [view])
  const { focusedId, onKeyDown } = useKeys(handle, find, context)
  const lastId = view.items.at(-1)?.message.id
  const tabStop = focusedId ?? lastId

  const render = (row: Row): ReactNode => {
    switch (row.kind) {
      case 'intro':
        return intro
      case 'day':
        return (
          <div className={css.dayRow}>
            <DayMenu label={formatDay(row.at, Date.now() * 1000, context.style)} onDate={jump.toDate} />
          </div>
        )
      case 'new':
        return (
          <div className={css.newRow}>
            <span>{t('newMessages')}</span>
          </div>
        )
      case 'topic':
        return <TopicLine topic={row.topic} />
      case 'system':
        return <SystemLine items={row.items} />
      case 'message': {
        const { message } = row.item
        return (
          <MessageRow
            item={row.item}
            head={row.head}
            focusable={message.id === tabStop}
            lit={message.seq === jump.lit}
            editing={message.id === editingId}
          />
        )
      }
    }
  }
  const { bottom } = reading
  const onViewport = useCallback(
    (v: Viewport) => {
      const before = viewport.get()
      if (before.first !== v.first || before.last !== v.last || before.atBottom !== v.atBottom)
        viewport.set(v)
      bottom(v.atBottom)
    },
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [viewport, bottom],
  )
  const empty = view.items.length === 0
  return (
    <ListContextProvider value={context}>
      <MarkdownSlotsProvider value={slots}>
        <div className={css.frame}>
          {empty && view.loading === 'initial' ? (
            <div className={css.loading}>
              <SkeletonRows rows={8} />
            </div>
          ) : (
            <AnchoredList
              ref={handle}
              rows={rows}
              estimate={estimate}
              render={(row) => <RowBoundary>{render(row)}</RowBoundary>}
              steady={isMessage}
              hasBefore={view.hasBefore}
              hasAfter={view.hasAfter}
              loadBefore={() => view.error === null && void timeline.loadBefore()}
              loadAfter={() => view.error === null && void timeline.loadAfter()}
              filler={<SkeletonRows rows={3} />}
              target={jump.target}
              onViewport={onViewport}
              onKeyDown={onKeyDown}
              label={context.conversation.title}
            />
          )}
          <Overlay
            rows={rows}
            viewport={viewport}
            newIndex={newIndex}
            hasAfter={view.hasAfter}
            unseen={unseen}
            onNewest={() => jump.toNewest(view.hasAfter, handle.current)}
            onFirstUnread={() => reading.newFrom !== null && jump.toUnread(reading.newFrom)}
            onDate={jump.toDate}
          />
          {view.error && (
            <div className={css.problem}>
              <Banner
                tone="danger"
                action={
                  <Button
                    size="s"
                    onClick={() => void (empty ? timeline.jumpTo('newest') : timeline.loadBefore())}
                  >
                    {t('retry')}
                  </Button>
                }
              >
                {problemText(t, view.error)}
              </Banner>
            </div>
          )}
        </div>
      </MarkdownSlotsProvider>
    </ListContextProvider>
  )
}

const isMessage = (row: Row) => row.kind === 'message'

function newLine(rows: readonly Row[]): number | null {
  const at = rows.findIndex((r) => r.kind === 'new')
  return at < 0 ? null : at
}

/** A guess until a row was measured. */
function estimate(row: Row): number {
  if (row.kind === 'intro') return 140
  if (row.kind !== 'message') return 36
  const part = row.item.message.content.parts[0]
  const text = part?.type === 'markdown' ? String(part['text']) : ''
  return (row.head ? 56 : 26) + 22 * Math.min(26, Math.floor(text.length / 70))
}

/** How many messages came since the reader left the end. */
function useUnseen(last: number | undefined, viewport: Signal<Viewport>, unread: number): number {
  const atBottom = useObservable(viewport).atBottom
  const seen = useRef(last ?? 0)
  if (atBottom && last !== undefined) seen.current = last
  return !atBottom && last !== undefined && last > seen.current ? Math.max(unread, 0) : 0
}
