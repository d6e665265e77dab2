/** A line of an import's report. */
export interface ReportLine {
  key: string
  count: number
}

/** What an import brought in, changed on the way, and left out. */
export interface ReportView {
  counts: ReportLine[]
  adapted: ReportLine[]
  skipped: ReportLine[]
  renamed: { from: string; to: string }[]
}

const COUNTS = [
  'users',
  'matched',
  'conversations',
  'merged',
  'messages',
  'threads',
  'replies',
  'reactions',
  'memberships',
  'files_kept',
  'files',
  'skipped',
] as const

/** What a newer export changed of what was here; shown when there is any. */
const CHANGES = ['edited', 'deleted', 'reactions', 'pins', 'files', 'conflicts']

/** Reads a report of this or a later version: what is not understood is left aside. */
export function readReport(report: Record<string, unknown>): ReportView {
  const counts: ReportLine[] = COUNTS.flatMap((key) => {
    const count = report[key]
    return typeof count === 'number' && (count > 0 || key !== 'merged') ? [{ key, count }] : []
  })
  const changes = lines(report.changed).filter(({ key }) => CHANGES.includes(key))
  counts.push(...changes.map(({ key, count }) => ({ key: `changed_${key}`, count })))
  const renamed = Array.isArray(report.renamed)
    ? report.renamed.filter((each) => typeof each?.from === 'string' && typeof each?.to === 'string')
    : []
  return { counts, adapted: lines(report.adapted_by), skipped: lines(report.skipped_by), renamed }
}

/** Counts by reason, the most first. */
function lines(value: unknown): ReportLine[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value)
    .filter((entry): entry is [string, number] => typeof entry[1] === 'number' && entry[1] > 0)
    .map(([key, count]) => ({ key, count }))
    .sort((a, b) => b.count - a.count || a.key.localeCompare(b.key))
}
