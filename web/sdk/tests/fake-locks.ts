/** Web Locks for a platform without them: one holder for each name, the rest wait in line. */
export function fakeLocks() {
  const lines = new Map<string, Promise<unknown>>()
  return {
    request(name: string, options: { signal?: AbortSignal }, run: () => Promise<unknown>): Promise<unknown> {
      const before = lines.get(name) ?? Promise.resolve()
      const turn = before.then(() => (options.signal?.aborted ? undefined : run()))
      lines.set(
        name,
        turn.catch(() => undefined),
      )
      return turn
    },
  }
}
