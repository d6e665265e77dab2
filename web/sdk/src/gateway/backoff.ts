const FIRST_MS = 1000
const MAX_MS = 30_000

/**
 * Milliseconds to wait before connection attempt number `attempt` after a drop (0 is the first), with `random`
 * in [0, 1). The first spreads a whole server's clients over the span that the server named; the others grow.
 */
export function reconnectDelay(attempt: number, jitterMs: number, random: number): number {
  if (attempt <= 0) return random * Math.min(jitterMs, MAX_MS)
  return (0.5 + random / 2) * Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 10))
}
