import { useCallback, useEffect, useRef, useState, type ReactNode, type RefObject } from 'react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Problem, type Page } from '@weft/sdk'
import { Button, SkeletonRows } from '@weft/ui'
import { ProblemBanner } from './problem'
import s from './page.module.css'

export interface PagedListProps<T> {
  label: string
  /** One page after a cursor; a change of `keys` starts over. */
  load: (cursor: string | null) => Promise<Page<T>>
  keys: readonly unknown[]
  /** Height of a row in pixels. */
  height: number
  rowKey: (item: T) => string
  row: (item: T) => ReactNode
  empty: ReactNode
  /**
   * A number that rises when the list may begin otherwise: its first page is fetched again and put in front.
   * While somebody is at work in the list, that waits behind a button with these words.
   */
  news?: { count: number; label: string }
}

/** A virtualised list that fetches as it is scrolled; thousands of rows cost what is in sight. */
export function PagedList<T>(props: PagedListProps<T>) {
  const { items, problem, done, more, busy, again, renew } = usePages(props.load, props.keys, props.rowKey)
  const scroller = useRef<HTMLDivElement>(null)
  const news = useNews(scroller, props.news?.count ?? 0, renew)
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => props.height,
    getItemKey: (index) => props.rowKey(items[index] as T),
    overscan: 10,
  })
  const shown = virtual.getVirtualItems()
  const last = shown.at(-1)?.index ?? -1
  useEffect(() => {
    if (!done && !busy && !problem && last >= items.length - 20) more()
  }, [last, items.length, done, busy, problem, more])
  return (
    <div
      ref={scroller}
      className={s.scroll}
      tabIndex={0}
      role="region"
      aria-label={props.label}
      aria-busy={busy}
      {...news.watch}
    >
      {news.waiting && (
        <div className={s.news}>
          <Button size="s" variant="primary" onClick={news.show}>
            {props.news?.label}
          </Button>
        </div>
      )}
      {items.length > 0 && (
        <ul style={{ position: 'relative', height: virtual.getTotalSize() }}>
          {shown.map((at) => (
            <li
              key={at.key}
              aria-setsize={done ? items.length : -1}
              aria-posinset={at.index + 1}
              style={{
                position: 'absolute',
                insetInline: 0,
                height: at.size,
                transform: `translateY(${at.start}px)`,
              }}
            >
              {props.row(items[at.index] as T)}
            </li>
          ))}
        </ul>
      )}
      {problem && (
        <div style={{ padding: 16 }}>
          <ProblemBanner problem={problem} retry={again} />
        </div>
      )}
      {busy && !items.length && <SkeletonRows rows={8} />}
      {done && !items.length && props.empty}
    </div>
  )
}

/** Whether what is new may be shown now: nobody points at the list, works in it, or has scrolled down. */
function useNews(scroller: RefObject<HTMLDivElement | null>, count: number, renew: () => void) {
  const [shown, setShown] = useState(count)
  const [busy, setBusy] = useState(false)
  const latest = useRef(renew)
  useEffect(() => {
    latest.current = renew
  })
  const show = useCallback(() => {
    setShown(count)
    scroller.current?.scrollTo({ top: 0 })
    latest.current()
  }, [count, scroller])
  useEffect(() => {
    if (shown !== count && !busy) show()
  }, [shown, count, busy, show])
  const look = () => {
    const list = scroller.current
    if (!list) return
    // The list itself takes the focus that arrow keys scroll with; only a row's is to be kept in place.
    const inside = document.activeElement !== list && list.contains(document.activeElement)
    setBusy(list.matches(':hover') || inside || list.scrollTop > 0)
  }
  const later = () => requestAnimationFrame(look)
  const watch = {
    onPointerEnter: look,
    onPointerLeave: later,
    onFocus: look,
    onBlur: later,
    onScroll: look,
  }
  return { waiting: shown !== count && busy, show, watch }
}

interface Pages<T> {
  items: readonly T[]
  cursor: string | null
  done: boolean
}

const NONE: Pages<never> = { items: [], cursor: null, done: false }

function usePages<T>(
  load: PagedListProps<T>['load'],
  keys: readonly unknown[],
  keyOf: PagedListProps<T>['rowKey'],
) {
  /** One run of rows after another, without those that the first has already. */
  const join = (first: readonly T[], then: readonly T[]) => {
    const held = new Set(first.map(keyOf))
    return [...first, ...then.filter((item) => !held.has(keyOf(item)))]
  }
  const [pages, setPages] = useState<Pages<T>>(NONE)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [busy, setBusy] = useState(true)
  const run = useRef(0)
  const latest = useRef(load)
  useEffect(() => {
    latest.current = load
  })
  const fetchAfter = (before: Pages<T>) => {
    const mine = ++run.current
    setBusy(true)
    setProblem(null)
    latest
      .current(before.cursor)
      .then(
        (page) => {
          if (mine !== run.current) return
          const { items, next_cursor } = page
          setPages((now) => ({
            items: join(before === NONE ? [] : now.items, items),
            cursor: next_cursor,
            done: next_cursor === null,
          }))
        },
        (error: unknown) => mine === run.current && setProblem(Problem.of(error)),
      )
      .finally(() => mine === run.current && setBusy(false))
  }
  useEffect(() => {
    setPages(NONE)
    fetchAfter(NONE)
    return () => {
      run.current++
    }
    // The caller names what the list depends on.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, keys)
  /** The first page again, in front of what else is held. */
  const renew = () => {
    if (!pages.items.length) return fetchAfter(NONE)
    latest.current(null).then(
      ({ items }) => setPages((now) => ({ ...now, items: join(items, now.items) })),
      // What is shown stays; the next news tries again.
      () => undefined,
    )
  }
  return { ...pages, problem, busy, more: () => fetchAfter(pages), again: () => fetchAfter(pages), renew }
}
