/** A minute of the day as people write it: 22:05. */
export function clock(minute: number): string {
  const two = (n: number) => String(n).padStart(2, '0')
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}

/** The minute of the day of a time as the browser's field writes it; null for none. */
export function minuteOf(time: string): number | null {
  const hit = /^(\d{1,2}):(\d{2})/.exec(time)
  if (!hit) return null
  const minute = Number(hit[1]) * 60 + Number(hit[2])
  return minute < 1440 ? minute : null
}
