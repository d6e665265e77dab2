/** A side of an anchor, and how to align along it. */
export type Side = 'top' | 'bottom' | 'left' | 'right'
export type Align = 'start' | 'center' | 'end'
/** Anything with edges: an element's rectangle, or a point with no size. */
export interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

const EDGE = 8

/**
 * Where a floating box of `width` × `height` goes beside `anchor`, in viewport pixels. Takes the
 * opposite side when the wanted one has no room and the other has more, and never leaves the screen.
 */
export function place(
  anchor: Box,
  width: number,
  height: number,
  view: { width: number; height: number },
  wanted: Side,
  align: Align,
  gap = 4,
): { left: number; top: number; side: Side } {
  const room: Record<Side, number> = {
    top: anchor.top,
    bottom: view.height - anchor.bottom,
    left: anchor.left,
    right: view.width - anchor.right,
  }
  const opposite: Record<Side, Side> = { top: 'bottom', bottom: 'top', left: 'right', right: 'left' }
  const upright = wanted === 'top' || wanted === 'bottom'
  const need = (upright ? height : width) + gap + EDGE
  const side = room[wanted] < need && room[opposite[wanted]] > room[wanted] ? opposite[wanted] : wanted
  const along = (from: number, to: number, size: number) =>
    align === 'start' ? from : align === 'end' ? to - size : (from + to - size) / 2
  const left = upright
    ? along(anchor.left, anchor.right, width)
    : side === 'left'
      ? anchor.left - gap - width
      : anchor.right + gap
  const top = !upright
    ? along(anchor.top, anchor.bottom, height)
    : side === 'top'
      ? anchor.top - gap - height
      : anchor.bottom + gap
  const clamp = (value: number, size: number, limit: number) =>
    Math.round(Math.max(EDGE, Math.min(value, limit - size - EDGE)))
  return { left: clamp(left, width, view.width), top: clamp(top, height, view.height), side }
}
