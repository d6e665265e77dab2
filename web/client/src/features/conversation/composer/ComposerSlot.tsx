import { lazy, Suspense } from 'react'

import css from './composerSlot.module.css'
import type { ComposerProps } from './Composer'

const load = () => import('./Composer').then((m) => ({ default: m.Composer }))
const Loaded = lazy(load)

// Reading comes before writing: the composer is fetched beside the conversation, and its place is kept.
void load().catch(() => undefined)

/** The composer, or an empty box of its size until it is there. */
export function Composer(props: ComposerProps) {
  return (
    <Suspense fallback={<div className={css.slot} />}>
      <Loaded {...props} />
    </Suspense>
  )
}
