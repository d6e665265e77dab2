/** What this device remembers between visits; never content. A full or refused store is no error. */
export const memory = {
  get(key: string): string | null {
    try {
      return localStorage.getItem(`weft.${key}`)
    } catch {
      return null
    }
  },
  set(key: string, value: string | null): void {
    try {
      if (value === null) localStorage.removeItem(`weft.${key}`)
      else localStorage.setItem(`weft.${key}`, value)
    } catch {
      // Private browsing or a full disk: the visit goes on, the next one starts afresh.
    }
  },
  /** Removes every key that starts with `prefix`. */
  clear(prefix: string): void {
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(`weft.${prefix}`)) localStorage.removeItem(key)
      }
    } catch {
      // As above.
    }
  },
}
