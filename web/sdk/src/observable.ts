/** A value that changes; its shape fits React's `useSyncExternalStore`. */
export interface Observable<T> {
  /** The present value; the same reference until it changes. */
  get(): T
  /** Calls `fn` after each change until the returned function is called. */
  subscribe(fn: () => void): () => void
}

/** The listeners of one observable. */
export class Listeners {
  readonly #all = new Set<() => void>()

  add(fn: () => void): () => void {
    // Wrapped, so that one function subscribed twice is two subscriptions.
    const entry = (): void => fn()
    this.#all.add(entry)
    return () => this.#all.delete(entry)
  }

  notify(): void {
    // A copy: a listener that subscribes anew must not be called in the same round.
    const all = [...this.#all]
    for (const fn of all) fn()
  }

  get size(): number {
    return this.#all.size
  }
}

/** An observable that is set by its owner. */
export class Cell<T> implements Observable<T> {
  readonly #listeners = new Listeners()
  #value: T

  constructor(value: T) {
    this.#value = value
  }

  get(): T {
    return this.#value
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return
    this.#value = value
    this.#listeners.notify()
  }

  subscribe(fn: () => void): () => void {
    return this.#listeners.add(fn)
  }

  /** How many are looking. */
  get watchers(): number {
    return this.#listeners.size
  }
}

/**
 * An observable computed from other state. `invalidate` marks it stale; it is computed again when read, and
 * its listeners are told once per microtask however often it was invalidated.
 */
export class Derived<T> implements Observable<T> {
  readonly #listeners = new Listeners()
  readonly #compute: () => T
  #value: T | undefined
  #stale = true
  #queued = false

  constructor(compute: () => T) {
    this.#compute = compute
  }

  get(): T {
    if (this.#stale) {
      this.#value = this.#compute()
      this.#stale = false
    }
    return this.#value as T
  }

  subscribe(fn: () => void): () => void {
    return this.#listeners.add(fn)
  }

  invalidate(): void {
    this.#stale = true
    if (this.#queued) return
    this.#queued = true
    queueMicrotask(() => {
      this.#queued = false
      this.#listeners.notify()
    })
  }

  get watchers(): number {
    return this.#listeners.size
  }
}
