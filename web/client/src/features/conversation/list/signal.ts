import type { Observable } from '@weft/sdk'

/** A small observable value, for what changes on every scroll and only a few things show. */
export class Signal<T> implements Observable<T> {
  private readonly listeners = new Set<() => void>()
  constructor(private value: T) {}

  get(): T {
    return this.value
  }

  set(value: T): void {
    if (Object.is(value, this.value)) return
    this.value = value
    for (const fn of this.listeners) fn()
  }

  subscribe(fn: () => void): () => void {
    this.listeners.add(fn)
    return () => this.listeners.delete(fn)
  }
}
