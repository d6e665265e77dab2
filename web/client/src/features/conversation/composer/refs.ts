/**
 * In the composer a mention reads `@张伟`; on the wire it is `<@usr_…>`. A ref remembers which stretch of the
 * text stands for which id, and follows the text through edits.
 */
export interface Ref {
  /** Offsets into the text, in UTF-16 units; `end` is excluded. */
  start: number
  end: number
  wire: string
}

/** The text that an edit replaced: `before` had `[start, end)` where `after` has `inserted` characters. */
export function diff(
  before: string,
  after: string,
  caret?: number,
): { start: number; end: number; inserted: number } {
  const shorter = Math.min(before.length, after.length)
  // Equal runs are ambiguous ("aa" → "aaa"): what stands after the caret was not typed just now.
  const tail = caret === undefined ? 0 : Math.max(0, after.length - caret)
  let suffix = 0
  while (suffix < Math.min(shorter, tail) && before.at(-1 - suffix) === after.at(-1 - suffix)) suffix++
  let start = 0
  while (start < shorter - suffix && before.charCodeAt(start) === after.charCodeAt(start)) start++
  while (suffix < shorter - start && before.at(-1 - suffix) === after.at(-1 - suffix)) suffix++
  return { start, end: before.length - suffix, inserted: after.length - suffix - start }
}

/** Moves refs along with an edit; one whose text was touched is no longer a mention. */
export function follow(refs: readonly Ref[], before: string, after: string, caret?: number): Ref[] {
  if (before === after || refs.length === 0) return refs as Ref[]
  const { start, end, inserted } = diff(before, after, caret)
  const shift = inserted - (end - start)
  const out: Ref[] = []
  for (const r of refs) {
    if (r.end <= start) out.push(r)
    else if (r.start >= end) out.push({ ...r, start: r.start + shift, end: r.end + shift })
  }
  return out
}

/** The text to send. */
export function toWire(text: string, refs: readonly Ref[]): string {
  let out = ''
  let at = 0
  for (const r of [...refs].sort((a, b) => a.start - b.start)) {
    if (r.start < at || r.end > text.length) continue
    out += text.slice(at, r.start) + r.wire
    at = r.end
  }
  return out + text.slice(at)
}

const WIRE = /<([@#])((?:usr|cnv)_[0-9a-z]{1,40}|all|here)>/g

/** The ids that a wire text mentions. */
export function wireIds(wire: string): string[] {
  return [...wire.matchAll(WIRE)].map((m) => m[2]!).filter((id) => id.includes('_'))
}

/**
 * A text as people read it, for editing. `label` gives the words for an id ("张伟", "general"); an id it does
 * not know stays in its wire form and is sent as it is.
 */
export function fromWire(
  wire: string,
  label: (id: string) => string | undefined,
): { text: string; refs: Ref[] } {
  const refs: Ref[] = []
  let text = ''
  let at = 0
  for (const hit of wire.matchAll(WIRE)) {
    const name = label(hit[2]!)
    if (!name) continue
    text += wire.slice(at, hit.index)
    const start = text.length
    text += hit[1] + name
    refs.push({ start, end: text.length, wire: hit[0] })
    at = hit.index + hit[0].length
  }
  return { text: text + wire.slice(at), refs }
}
