import { lazy, Suspense, type ComponentType } from 'react'

import { CodeBlock } from './CodeBlock'
import css from './markdown.module.css'

export interface FormulaProps {
  tex: string
  /** The dollars around it. */
  markup: string
}
export interface DiagramProps {
  code: string
}

// What draws is large and comes with the first message that needs it. Without a network the source has to do.
const Formula = lazy(() => orSource(import('./Formula'), FormulaSource))
const Diagram = lazy(() => orSource(import('./Diagram'), DiagramSource))

function orSource<P>(module: Promise<{ default: ComponentType<P> }>, Source: ComponentType<P>) {
  return module.catch(() => ({ default: Source }))
}

/** A formula as it was written. */
export function FormulaSource({ tex, markup }: FormulaProps) {
  return <code className={css.code}>{markup + tex + markup}</code>
}

function DiagramSource({ code }: DiagramProps) {
  return <CodeBlock lang="mermaid" code={code} />
}

export function FormulaText(props: FormulaProps) {
  return (
    <Suspense fallback={<FormulaSource {...props} />}>
      <Formula {...props} />
    </Suspense>
  )
}

export function DiagramBlock({ code }: DiagramProps) {
  return (
    <Suspense fallback={<div className={css.drawing} />}>
      <Diagram code={code} />
    </Suspense>
  )
}
