const UNITS = [
  ['days', 86_400],
  ['hours', 3600],
  ['minutes', 60],
  ['seconds', 1],
] as const

/** The times to choose from, in seconds. */
export const TIMES = [10, 60, 3600, 86_400, 7 * 86_400]

/** The largest unit of which `seconds` is a whole number, and how many: a key of words, and its count. */
export function lasting(seconds: number): { key: `${(typeof UNITS)[number][0]}`; count: number } {
  const [key, size] = UNITS.find(([, size]) => seconds % size === 0) ?? UNITS[3]
  return { key, count: seconds / size }
}

/** What is left, in the largest unit that fits: days and hours rounded up, below that as on a clock. */
export function left(seconds: number): {
  key: 'daysLeft' | 'hoursLeft' | 'clock'
  count: number
  text: string
} {
  const rest = Math.max(0, seconds)
  if (rest > 86_400) return { key: 'daysLeft', count: Math.ceil(rest / 86_400), text: '' }
  if (rest > 3600) return { key: 'hoursLeft', count: Math.ceil(rest / 3600), text: '' }
  const [minutes, odd] = [Math.floor(rest / 60), rest % 60]
  return { key: 'clock', count: rest, text: `${minutes}:${String(odd).padStart(2, '0')}` }
}
