import {
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  type ReactNode,
  type Ref,
} from 'react'

import css from './list.module.css'
import { indexAt, rangeAround, sum, type Anchor, type Geometry, type Range } from './range'

const OVERSCAN = 900
/** Nearer to an end than this, more is asked for. */
const LOAD_WITHIN = 1600
/** Heights remembered: a few windows' worth, however far somebody scrolls. */
const MAX_HEIGHTS = 8000
/** Within this many pixels of the end the reader counts as being at the end. */
const AT_END = 4

export interface ListHandle {
  toBottom(): void
  /** Puts a row `offset` px below the top edge, or in the middle. */
  toRow(key: string, where: number | 'middle'): void
  element(): HTMLElement | null
}

/** What the reader sees. */
export interface Viewport {
  /** First and last visible rows (indexes). */
  first: number
  last: number
  /** The row that ends below what floats on top. */
  under: number
  atBottom: boolean
}

/** How much of the top what floats there takes, in pixels. */
const FLOATS_PX = 44

interface Props<R extends { key: string }> {
  rows: readonly R[]
  estimate: (row: R) => number
  render: (row: R) => ReactNode
  hasBefore: boolean
  hasAfter: boolean
  loadBefore: () => void
  loadAfter: () => void
  /** Shown above the first row while there is more before it, below the last while there is more after. */
  filler: ReactNode
  /** A row to put in place as soon as it is among the rows; a new `token` is a new wish. */
  target: { key: string; where: number | 'middle'; token: number } | null
  onViewport: (v: Viewport) => void
  ref?: Ref<ListHandle>
  label: string
  /** Rows that keep their place by; the others (day lines, say) may move when more is loaded. */
  steady: (row: R) => boolean
  onKeyDown?: (event: React.KeyboardEvent<HTMLDivElement>) => void
}

/**
 * A list of rows of unknown height that grows at both ends. The reader's place is kept by an anchor row, not by
 * a scroll offset: whatever is loaded, measured or changed above it, the anchor stays where it is to the pixel.
 * Only rows near the viewport are in the page.
 */
export function AnchoredList<R extends { key: string }>(props: Props<R>) {
  const { rows, estimate, render, steady, hasBefore, hasAfter, loadBefore, loadAfter, target, onViewport } =
    props
  const box = useRef<HTMLDivElement>(null)
  const body = useRef<HTMLDivElement>(null)
  const heights = useRef(new Map<string, number>())
  const anchor = useRef<Anchor>('bottom')
  const shown = useRef<Range>({ start: 0, end: 0 })
  const lastTop = useRef(0)
  const doneTarget = useRef(0)
  const [, redraw] = useReducer((n: number) => n + 1, 0)

  const indexOf = useMemo(() => new Map(rows.map((r, i) => [r.key, i])), [rows])
  const height = useCallback(
    (i: number) => heights.current.get(rows[i]!.key) ?? estimate(rows[i]!),
    [rows, estimate],
  )
  const viewportHeight = box.current?.clientHeight ?? window.innerHeight
  const geometry: Geometry = { count: rows.length, height, viewport: viewportHeight, overscan: OVERSCAN }

  if (target && target.token !== doneTarget.current && indexOf.has(target.key)) {
    doneTarget.current = target.token
    anchor.current = {
      key: target.key,
      offset: place(target.where, viewportHeight, heights.current.get(target.key)),
    }
  }
  const range = currentRange(geometry, anchor.current, indexOf, shown.current)
  shown.current = range

  const report = useCallback(() => {
    const el = box.current
    if (!el || !body.current) return
    const edge = el.getBoundingClientRect()
    let first = -1
    let last = -1
    let under = -1
    forRows(body.current, (node, i) => {
      const r = node.getBoundingClientRect()
      if (r.bottom > edge.top + 1 && first < 0) first = shown.current.start + i
      if (r.bottom > edge.top + FLOATS_PX && under < 0) under = shown.current.start + i
      if (r.top < edge.bottom) last = shown.current.start + i
    })
    onViewport({ first, last, under, atBottom: anchor.current === 'bottom' && !hasAfter })
  }, [onViewport, hasAfter])

  const read = useCallback(
    (el: HTMLElement, inner: HTMLElement) =>
      readAnchor(el, inner, rows, steady, shown.current, {
        count: rows.length,
        height,
        viewport: el.clientHeight,
        overscan: OVERSCAN,
      }),
    [rows, steady, height],
  )

  /** Reads real heights, then moves the scroll position so that the anchor stands where it belongs. */
  const settle = useCallback(() => {
    const el = box.current
    if (!el || !body.current) return
    let changed = false
    forRows(body.current, (node, i) => {
      const key = rows[shown.current.start + i]?.key
      if (key === undefined) return
      const h = node.getBoundingClientRect().height
      if (Math.abs((heights.current.get(key) ?? -1) - h) > 0.1) changed = true
      heights.current.set(key, h)
    })
    if (heights.current.size > MAX_HEIGHTS) {
      for (const key of heights.current.keys()) if (!indexOf.has(key)) heights.current.delete(key)
    }
    hold(el, body.current, anchor.current)
    lastTop.current = el.scrollTop
    // Now that all is in place, hold on to what is really in sight. A list that ends here is at its end even
    // when it was entered further up: one shorter than the screen is never scrolled.
    const atEnd = !hasAfter && el.scrollHeight - el.clientHeight - el.scrollTop <= AT_END
    if (atEnd) anchor.current = 'bottom'
    if (anchor.current !== 'bottom') anchor.current = read(el, body.current) ?? anchor.current
    if (!changed) return
    const g: Geometry = { count: rows.length, height, viewport: el.clientHeight, overscan: OVERSCAN / 2 }
    const need = currentRange(g, anchor.current, indexOf, shown.current)
    if (need.start < shown.current.start || need.end > shown.current.end) redraw()
  }, [rows, height, indexOf, read, hasAfter])

  useLayoutEffect(() => {
    settle()
    report()
  })

  // The observer may call between a render and its effects: it must never see older rows than the page shows.
  const onResize = useRef(() => {})
  useLayoutEffect(() => {
    onResize.current = () => {
      settle()
      report()
    }
  })
  useEffect(() => {
    const el = box.current
    const inner = body.current
    if (!el || !inner) return
    const observer = new ResizeObserver(() => onResize.current())
    observer.observe(el)
    observer.observe(inner)
    return () => observer.disconnect()
  }, [])

  const askForMore = useCallback(() => {
    const el = box.current
    if (!el) return
    if (hasBefore && el.scrollTop < LOAD_WITHIN) loadBefore()
    if (hasAfter && el.scrollHeight - el.clientHeight - el.scrollTop < LOAD_WITHIN) loadAfter()
  }, [hasBefore, hasAfter, loadBefore, loadAfter])
  useEffect(askForMore, [askForMore, rows])

  const onScroll = () => {
    const el = box.current
    if (!el || !body.current) return
    const top = el.scrollTop
    const end = el.scrollHeight - el.clientHeight
    const wasBottom = anchor.current === 'bottom'
    const movedUp = top < lastTop.current - 1
    lastTop.current = top
    if (!hasAfter && (end - top <= AT_END || (wasBottom && !movedUp))) anchor.current = 'bottom'
    else anchor.current = read(el, body.current) ?? anchor.current
    const g = { ...geometry, viewport: el.clientHeight, overscan: OVERSCAN / 2 }
    const need = currentRange(g, anchor.current, indexOf, shown.current)
    if (need.start < shown.current.start || need.end > shown.current.end) redraw()
    else report()
    askForMore()
  }

  useImperativeHandle(props.ref, () => ({
    toBottom() {
      anchor.current = 'bottom'
      redraw()
    },
    toRow(key, where) {
      const h = box.current?.clientHeight ?? viewportHeight
      anchor.current = { key, offset: place(where, h, heights.current.get(key)) }
      redraw()
    },
    element: () => box.current,
  }))

  return (
    <div
      ref={box}
      className={css.scroller}
      onScroll={onScroll}
      onKeyDown={props.onKeyDown}
      role="region"
      aria-label={props.label}
      tabIndex={-1}
    >
      <div className={css.stack}>
        {hasBefore && <div className={css.filler}>{props.filler}</div>}
        <div style={{ height: sum(height, 0, range.start) }} />
        <div ref={body}>
          {rows.slice(range.start, range.end).map((row) => (
            <div key={row.key} data-row={row.key}>
              {render(row)}
            </div>
          ))}
        </div>
        <div style={{ height: sum(height, range.end, rows.length) }} />
        {hasAfter && <div className={css.filler}>{props.filler}</div>}
      </div>
    </div>
  )
}

function place(where: number | 'middle', viewport: number, rowHeight = 60): number {
  return where === 'middle' ? Math.max(40, (viewport - rowHeight) / 2) : where
}

function forRows(body: HTMLElement, fn: (node: HTMLElement, i: number) => void): void {
  for (let i = 0; i < body.children.length; i++) fn(body.children[i] as HTMLElement, i)
}

/** The range for an anchor; when its row is gone (deleted, regrouped), the rows around the old place. */
function currentRange(g: Geometry, anchor: Anchor, indexOf: Map<string, number>, shown: Range): Range {
  if (anchor === 'bottom') return rangeAround(g, 'bottom', 0)
  return rangeAround(g, indexOf.get(anchor.key) ?? shown.start, anchor.offset)
}

function hold(el: HTMLElement, body: HTMLElement, anchor: Anchor): void {
  if (anchor === 'bottom') {
    el.scrollTop = el.scrollHeight
    return
  }
  for (const node of body.children) {
    if ((node as HTMLElement).dataset['row'] !== anchor.key) continue
    const off = node.getBoundingClientRect().top - el.getBoundingClientRect().top - anchor.offset
    if (Math.abs(off) >= 0.5) el.scrollTop += off
    return
  }
}

/**
 * The first steady row that begins inside the viewport; not the very first loaded one if there is another, as
 * its height changes when its author's group turns out to begin earlier.
 */
function readAnchor<R extends { key: string }>(
  el: HTMLElement,
  body: HTMLElement,
  rows: readonly R[],
  steady: (row: R) => boolean,
  shown: Range,
  g: Geometry,
): Anchor | null {
  const edge = el.getBoundingClientRect()
  let fallback: Anchor | null = null
  let sure = false
  for (let i = 0; i < body.children.length; i++) {
    const row = rows[shown.start + i]
    const r = body.children[i]!.getBoundingClientRect()
    if (!row || r.bottom <= edge.top) continue
    if (r.top >= edge.bottom) break
    const here = { key: row.key, offset: r.top - edge.top }
    if (steady(row) && r.top >= edge.top && shown.start + i > 1) return here
    if (!fallback || (!sure && steady(row))) {
      fallback = here
      sure = steady(row)
    }
  }
  if (fallback || rows.length === 0) return fallback
  // The scroll bar was dragged past everything that is in the page.
  const top = body.previousElementSibling?.getBoundingClientRect().top ?? edge.top
  const { index, offset } = indexAt(g, edge.top - top)
  return { key: rows[index]!.key, offset }
}
