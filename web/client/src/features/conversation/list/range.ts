/** What the list is held to: the end, or one row kept at a distance (px) below the viewport's top edge. */
export type Anchor = 'bottom' | { key: string; offset: number }

export interface Range {
  start: number
  end: number
}

export interface Geometry {
  count: number
  /** Height of a row in px: measured, or the best guess. */
  height: (index: number) => number
  /** Height of the visible part, px. */
  viewport: number
  /** How far beyond the visible part rows are kept, px. */
  overscan: number
}

/** The rows to keep in the page so that the viewport and its surroundings are filled around the anchor. */
export function rangeAround(g: Geometry, index: number | 'bottom', offset: number): Range {
  if (g.count === 0) return { start: 0, end: 0 }
  if (index === 'bottom') {
    let start = g.count
    for (let y = g.viewport; start > 0 && y > -g.overscan;) y -= g.height(--start)
    return { start, end: g.count }
  }
  const at = Math.min(Math.max(index, 0), g.count - 1)
  let start = at
  for (let y = offset; start > 0 && y > -g.overscan;) y -= g.height(--start)
  let end = at
  for (let y = offset; end < g.count && y < g.viewport + g.overscan;) y += g.height(end++)
  return { start, end: Math.max(end, at + 1) }
}

/** Total height of rows `from` (included) to `to` (excluded), px. */
export function sum(height: (index: number) => number, from: number, to: number): number {
  let total = 0
  for (let i = from; i < to; i++) total += height(i)
  return total
}

/** The row at a distance from the top of the list, by known and guessed heights. */
export function indexAt(g: Geometry, y: number): { index: number; offset: number } {
  let top = 0
  for (let i = 0; i < g.count; i++) {
    const h = g.height(i)
    if (top + h > y) return { index: i, offset: top - y }
    top += h
  }
  return { index: Math.max(0, g.count - 1), offset: 0 }
}
