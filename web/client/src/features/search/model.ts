/** The kinds of results. */
export const TABS = ['messages', 'people', 'channels'] as const
export type Tab = (typeof TABS)[number]
export type SortOrder = 'relevance' | 'time'

export const isTab = (name: string | null): name is Tab => TABS.some((tab) => tab === name)

/** Searches that are kept. */
const KEPT = 10

/** The kept searches after one more; what it goes on from is not kept beside it. */
export function remembered(before: readonly string[], query: string): string[] {
  const q = query.trim()
  if (!q) return [...before]
  return [q, ...before.filter((each) => each !== q && !q.startsWith(each))].slice(0, KEPT)
}
