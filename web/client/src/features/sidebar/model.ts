import type { ConversationView } from '@weft/sdk'
import { isAway } from '../../shared/away'

/** A section of the reader's own making. */
export interface OwnSection {
  id: string
  name: string
}

/** How the reader arranged the list; synced through settings under `sidebar`. */
export interface SidebarPrefs {
  sections: readonly OwnSection[]
  /** Ids of folded sections. */
  folded: readonly string[]
  sort: 'activity' | 'name'
  /** Shows only what has something unread. */
  unreadOnly: boolean
  /** Places chosen by dragging, by section; what is not named follows by `sort`. */
  order: Readonly<Record<string, readonly string[]>>
}

export const FAVOURITES = 'favourites'
export const CHANNELS = 'channels'
export const PEOPLE = 'people'
export const ANNOUNCEMENTS = 'announcements'

/** Streams that are kept apart from messages, each a section of its own: the kind, and the section. */
export const STREAMS: Readonly<Record<string, string>> = { announcement: ANNOUNCEMENTS }

/** The section of a conversation's kind. */
export const homeOf = (view: ConversationView): string =>
  STREAMS[view.kind] ?? (view.kind === 'channel' || view.kind === 'private_channel' ? CHANNELS : PEOPLE)
/** Sections a reader may make, and places remembered in one: the settings map is bounded. */
export const MAX_SECTIONS = 50
export const MAX_ORDER = 200

export const NO_PREFS: SidebarPrefs = {
  sections: [],
  folded: [],
  sort: 'activity',
  unreadOnly: false,
  order: {},
}

/** Settings from another version or device, made safe to use. */
export function readPrefs(value: unknown): SidebarPrefs {
  const raw = (typeof value === 'object' && value !== null ? value : {}) as Partial<
    Record<keyof SidebarPrefs, unknown>
  >
  const sections = Array.isArray(raw.sections)
    ? raw.sections.filter((s): s is OwnSection => typeof s?.id === 'string' && typeof s?.name === 'string')
    : []
  const order = typeof raw.order === 'object' && raw.order !== null ? raw.order : {}
  return {
    sections: sections.slice(0, MAX_SECTIONS),
    folded: strings(raw.folded),
    sort: raw.sort === 'name' ? 'name' : 'activity',
    unreadOnly: raw.unreadOnly === true,
    order: Object.fromEntries(Object.entries(order).map(([id, list]) => [id, strings(list)])),
  }
}

const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : []

export type Row =
  | {
      type: 'section'
      id: string
      name: string | null
      count: number
      unread: number
      mentions: number
      folded: boolean
    }
  | { type: 'conversation'; section: string; view: ConversationView }

/** The section a conversation stands in. */
export function sectionOf(view: ConversationView, own: ReadonlySet<string>): string {
  if (view.me?.favourite) return FAVOURITES
  const section = view.me?.section
  if (section && own.has(section)) return section
  return homeOf(view)
}

/** Unread in the sense that asks for attention: muted conversations only do so by a mention. */
export const asksAttention = (view: ConversationView): boolean =>
  view.mentions > 0 || (!view.me?.muted && (view.unread > 0 || view.unreadFrom !== null))

/** Whether a row has a second line: its newest message, which only conversations between people show. */
export const isTall = (view: ConversationView, previews: boolean): boolean =>
  previews && (view.kind === 'direct' || view.kind === 'group')

/**
 * The list as flat rows for the virtualiser: every section's heading, then its conversations. A folded
 * section keeps those with something unread, and the one that is open, in sight.
 */
export function buildRows(
  conversations: readonly ConversationView[],
  prefs: SidebarPrefs,
  active: string | null,
  collator: Intl.Collator,
): Row[] {
  const own = new Set(prefs.sections.map((s) => s.id))
  const members = new Map<string, ConversationView[]>()
  for (const view of conversations) {
    const away = isAway(view)
    const loud = !away && asksAttention(view)
    if (view.id !== active && !loud && (view.archived || away || prefs.unreadOnly)) continue
    const section = sectionOf(view, own)
    const list = members.get(section)
    if (list) list.push(view)
    else members.set(section, [view])
  }
  const rows: Row[] = []
  const add = (id: string, name: string | null, always: boolean) => {
    const list = members.get(id) ?? []
    if (!always && !list.length) return
    const folded = prefs.folded.includes(id)
    let unread = 0
    let mentions = 0
    for (const view of list) {
      if (asksAttention(view)) unread++
      mentions += view.mentions
    }
    rows.push({ type: 'section', id, name, count: list.length, unread, mentions, folded })
    const shown = folded ? list.filter((view) => view.id === active || asksAttention(view)) : list
    for (const view of arrange(shown, prefs, id, collator))
      rows.push({ type: 'conversation', section: id, view })
  }
  add(FAVOURITES, null, false)
  for (const section of prefs.sections) add(section.id, section.name, true)
  for (const stream of Object.values(STREAMS)) add(stream, null, false)
  add(CHANNELS, null, true)
  add(PEOPLE, null, true)
  return rows
}

/** Dragged places first, in their order; the rest by the reader's sort. */
export function arrange(
  list: readonly ConversationView[],
  prefs: Pick<SidebarPrefs, 'sort' | 'order'>,
  section: string,
  collator: Intl.Collator,
): ConversationView[] {
  const places = new Map((prefs.order[section] ?? []).map((id, index) => [id, index]))
  const byName = (a: ConversationView, b: ConversationView) => collator.compare(a.title, b.title)
  const natural =
    prefs.sort === 'name'
      ? byName
      : (a: ConversationView, b: ConversationView) => b.last_at - a.last_at || byName(a, b)
  return [...list].sort((a, b) => {
    const pa = places.get(a.id)
    const pb = places.get(b.id)
    if (pa !== undefined && pb !== undefined) return pa - pb
    if (pa !== undefined) return -1
    if (pb !== undefined) return 1
    return natural(a, b)
  })
}

/** Can a conversation be put there? Channels never stand under people, nor the reverse. */
export function accepts(section: string, view: ConversationView): boolean {
  const fixed = section === CHANNELS || section === PEOPLE || Object.values(STREAMS).includes(section)
  return !fixed || section === homeOf(view)
}

/** The order of a section after `id` was dropped before `before` (null: at the end). */
export function dropInto(shown: readonly string[], id: string, before: string | null): string[] {
  const rest = shown.filter((other) => other !== id)
  const at = before === null ? -1 : rest.indexOf(before)
  return (at < 0 ? [...rest, id] : [...rest.slice(0, at), id, ...rest.slice(at)]).slice(0, MAX_ORDER)
}

/** The next conversation row from `active`, up or down, round the ends; only those that ask attention if wanted. */
export function neighbour(
  rows: readonly Row[],
  active: string | null,
  step: 1 | -1,
  unreadOnly: boolean,
): string | null {
  const ids = rows.flatMap((row) =>
    row.type === 'conversation' && (!unreadOnly || row.view.id === active || asksAttention(row.view))
      ? [row.view.id]
      : [],
  )
  if (!ids.length) return null
  const at = active ? ids.indexOf(active) : -1
  const next = at < 0 ? (step === 1 ? 0 : ids.length - 1) : (at + step + ids.length) % ids.length
  const id = ids[next]
  return id === active ? null : (id ?? null)
}
