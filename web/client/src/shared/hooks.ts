import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { Problem, type Principal } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { toastProblem } from './problem'

/** True while the media query holds. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    useCallback(
      (fn: () => void) => {
        const media = matchMedia(query)
        media.addEventListener('change', fn)
        return () => media.removeEventListener('change', fn)
      },
      [query],
    ),
    () => matchMedia(query).matches,
  )
}

/** One column, bottom tabs. */
export const usePhone = () => useMedia('(max-width: 767px)')

/** A person, fetched when first asked for; undefined until then. */
export function usePerson(id: string): Principal | undefined {
  return useObservable(useWeft().person(id))
}

/** The caller's own principal. */
export function useMe(): Principal {
  const weft = useWeft()
  const view = useObservable(weft.meView)
  return useObservable(weft.person(weft.me)) ?? view.principal
}

/** One synced setting and how to change it; `fallback` while it was never set. */
export function useSetting<T>(key: string, fallback: T): [T, (value: T | null) => void] {
  const weft = useWeft()
  const value = useObservable(weft.settings)[key]
  const set = useCallback(
    (next: T | null) => void weft.setSetting(key, next).catch(toastProblem),
    [weft, key],
  )
  return [value === undefined || value === null ? fallback : (value as T), set]
}

export interface Action<A extends unknown[]> {
  run: (...args: A) => Promise<boolean>
  busy: boolean
  problem: Problem | null
  clear: () => void
}

/** Work on the server behind a button: busy while it runs, the problem when it fails; never two at once. */
export function useAction<A extends unknown[]>(work: (...args: A) => Promise<unknown>): Action<A> {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const latest = useRef(work)
  const running = useRef(false)
  useEffect(() => {
    latest.current = work
  })
  const run = useCallback(async (...args: A) => {
    if (running.current) return false
    running.current = true
    setBusy(true)
    setProblem(null)
    try {
      await latest.current(...args)
      return true
    } catch (error) {
      setProblem(Problem.of(error))
      return false
    } finally {
      running.current = false
      setBusy(false)
    }
  }, [])
  return { run, busy, problem, clear: useCallback(() => setProblem(null), []) }
}

export interface Loaded<T> {
  data: T | undefined
  problem: Problem | null
  reload: () => void
  /** Changes what is shown, after an own change that the server accepted. */
  patch: (change: (data: T) => T) => void
}

/** Something fetched for a page, again when `deps` change; an answer that came too late is dropped. */
export function useLoaded<T>(fetcher: () => Promise<T>, deps: readonly unknown[]): Loaded<T> {
  const [data, setData] = useState<T>()
  const [problem, setProblem] = useState<Problem | null>(null)
  const [turn, setTurn] = useState(0)
  const latest = useRef(fetcher)
  useEffect(() => {
    latest.current = fetcher
  })
  useEffect(() => {
    let live = true
    latest.current().then(
      (value) => {
        if (!live) return
        setData(value)
        setProblem(null)
      },
      (error: unknown) => live && setProblem(Problem.of(error)),
    )
    return () => {
      live = false
    }
    // The caller names what the fetch depends on.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [turn, ...deps])
  return {
    data,
    problem,
    reload: useCallback(() => setTurn((n) => n + 1), []),
    patch: useCallback(
      (change: (data: T) => T) => setData((now) => (now === undefined ? now : change(now))),
      [],
    ),
  }
}

/** A value that follows another after it has been still for `ms`. */
export function useSettled<T>(value: T, ms = 180): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return settled
}
