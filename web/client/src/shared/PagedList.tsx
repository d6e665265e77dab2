import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Problem, type Page } from '@weft/sdk'
import { SkeletonRows } from '@weft/ui'
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
}

/** A virtualised list that fetches as it is scrolled; thousands of rows cost what is in sight. */
export function PagedList<T>(props: PagedListProps<T>) {
  const { items, problem, done, more, busy, again } = usePages(props.load, props.keys)
  const scroller = useRef<HTMLDivElement>(null)
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
    >
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

interface Pages<T> {
  items: readonly T[]
  cursor: string | null
  done: boolean
}

const NONE: Pages<never> = { items: [], cursor: null, done: false }

function usePages<T>(load: PagedListProps<T>['load'], keys: readonly unknown[]) {
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
          setPages({
            items: [...before.items, ...page.items],
            cursor: page.next_cursor,
            done: page.next_cursor === null,
          })
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
  return { ...pages, problem, busy, more: () => fetchAfter(pages), again: () => fetchAfter(pages) }
}
