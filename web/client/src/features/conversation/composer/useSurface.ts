import { useEffect, useRef, useState, type ComponentType, type RefObject } from 'react'

import { useComposeInMarkdown } from '../../../shared/preferences'
import { PlainSurface } from './PlainSurface'
import type { SurfaceHandle, SurfaceProps } from './surface'
import type { ComposerText } from './useComposerText'

type Surface = ComponentType<SurfaceProps>

let rich: Surface | null = null
let loading: Promise<void> | null = null

/** Fetches the rich editor, once; what failed is tried again by the next composer. */
function loadRich(): Promise<void> {
  loading ??= import('./rich/RichSurface').then(
    (m) => void (rich = m.RichSurface),
    () => void (loading = null),
  )
  return loading
}

const idle = (fn: () => void) =>
  typeof requestIdleCallback === 'function'
    ? requestIdleCallback(fn, { timeout: 2_000 })
    : setTimeout(fn, 200)

/**
 * The surface to type on. The rich one comes after the first paint; until then there is the plain one, and it
 * gives way only when nobody notices: while it is empty, without the focus, or not yet touched.
 */
export function useSurface(value: ComposerText, handle: RefObject<SurfaceHandle | null>, autoFocus: boolean) {
  const [plain] = useComposeInMarkdown()
  const [shown, setShown] = useState(() => ({ rich: rich !== null && !plain, focus: autoFocus }))
  const touched = useRef(false)
  const composing = useRef(false)
  const { wire } = value
  const blank = value.text === ''
  if (blank) touched.current = false

  const consider = useRef(() => {})
  useEffect(() => {
    consider.current = () => {
      const focus = handle.current?.focused() ?? false
      if (plain || rich === null || shown.rich || composing.current) return
      if (wire() === '' || !focus || !touched.current) setShown({ rich: true, focus })
    }
  })
  useEffect(() => {
    if (plain) {
      setShown((now) => (now.rich ? { rich: false, focus: false } : now))
      return
    }
    let on = true
    idle(() => void loadRich().then(() => on && consider.current()))
    return () => {
      on = false
    }
  }, [plain])
  useEffect(() => {
    if (blank) consider.current()
  }, [blank])

  return {
    Surface: shown.rich && rich ? rich : PlainSurface,
    focus: shown.focus,
    /** Events of the plain surface that tell whether someone is at work in it. */
    watch: {
      onKeyDown: () => (touched.current = true),
      onPointerDown: () => (touched.current = true),
      onInput: () => (touched.current = true),
      onCompositionStart: () => (composing.current = true),
      onCompositionEnd: () => (composing.current = false),
      onBlur: () => consider.current(),
    },
  }
}
