import {
  createContext,
  createElement,
  type ReactNode,
  useCallback,
  useContext,
  useSyncExternalStore,
} from 'react'
import type { Observable } from '../observable'
import type { Weft } from '../weft'

const Context = createContext<Weft | null>(null)

/** Makes an opened org known to the components inside. */
export function WeftProvider(props: { weft: Weft; children?: ReactNode }): ReactNode {
  return createElement(Context.Provider, { value: props.weft }, props.children)
}

/** The org around this component. */
export function useWeft(): Weft {
  const weft = useContext(Context)
  if (!weft) throw new Error('useWeft is used outside of a WeftProvider')
  return weft
}

/** The present value of an observable; renders again when it changes. */
export function useObservable<T>(observable: Observable<T>): T {
  // Bound by hand: the methods of an observable may use `this`.
  const subscribe = useCallback((fn: () => void) => observable.subscribe(fn), [observable])
  const get = (): T => observable.get()
  return useSyncExternalStore(subscribe, get, get)
}
