import { memory } from '../memory'

const KEY = 'emoji'
const USUAL = ['👍', '✅', '😄', '❤️', '🎉', '👀']

function counts(): Record<string, number> {
  try {
    const read: unknown = JSON.parse(memory.get(KEY) ?? '{}')
    return typeof read === 'object' && read !== null ? (read as Record<string, number>) : {}
  } catch {
    return {}
  }
}

/** The emoji this person takes most, on this device; filled up with the usual ones. */
export function frequentEmoji(limit = 3): string[] {
  const own = Object.entries(counts())
    .sort((a, b) => b[1] - a[1])
    .map(([emoji]) => emoji)
  return [...new Set([...own, ...USUAL])].slice(0, limit)
}

/** Counts one use; older uses fade, so that the list follows the person. */
export function countEmoji(emoji: string): void {
  const now = counts()
  for (const key of Object.keys(now)) now[key] = now[key]! * 0.97
  now[emoji] = (now[emoji] ?? 0) + 1
  const kept = Object.entries(now).filter(([, n]) => n > 0.2)
  memory.set(KEY, JSON.stringify(Object.fromEntries(kept.slice(0, 60))))
}
