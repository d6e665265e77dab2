import katex from 'katex'
import 'katex/dist/katex.min.css'
import { useMemo } from 'react'

import { FormulaSource, type FormulaProps } from './drawn'
import css from './markdown.module.css'

/** A formula, drawn; one that cannot be read is shown as it was written, with the reason in its tooltip. */
export default function Formula({ tex, markup }: FormulaProps) {
  const drawn = useMemo(() => draw(tex, markup === '$$'), [tex, markup])
  if (typeof drawn === 'string') {
    return (
      <span title={drawn}>
        <FormulaSource tex={tex} markup={markup} />
      </span>
    )
  }
  return (
    <span
      className={markup === '$$' ? css.formulaBlock : css.formula}
      tabIndex={markup === '$$' ? 0 : undefined}
      ref={(host) => host?.replaceChildren(drawn.cloneNode(true))}
    />
  )
}

/** Built of elements, never of HTML; `trust` stays off, so that nothing links, loads or styles by name. */
function draw(tex: string, display: boolean): DocumentFragment | string {
  const host = document.createElement('span')
  try {
    katex.render(tex, host, {
      displayMode: display,
      throwOnError: true,
      trust: false,
      strict: 'ignore',
      maxSize: 20,
      maxExpand: 300,
    })
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  const fragment = document.createDocumentFragment()
  fragment.append(...host.childNodes)
  return fragment
}
