import { Fragment, useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Snippet } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'

import { useNames } from '../../shared/names'
import css from './search.module.css'

const REFERENCE = '\uFFFC'

/** A stretch of a text with what was found marked, and names in place of ids; `before` says whose text it is. */
export function Marked({ snippet, before }: { snippet: Snippet; before?: ReactNode }) {
  const named = useReferences(snippet.refs)
  let reference = 0
  const plain = (text: string): ReactNode =>
    text.split(REFERENCE).map((part, index) => (
      <Fragment key={index}>
        {index > 0 && <span className={css.ref}>{named[reference++] ?? '…'}</span>}
        {part}
      </Fragment>
    ))
  const parts: ReactNode[] = []
  let at = 0
  for (const [from, to] of snippet.ranges) {
    parts.push(plain(snippet.text.slice(at, from)), <mark>{plain(snippet.text.slice(from, to))}</mark>)
    at = to
  }
  parts.push(plain(snippet.text.slice(at)))
  return (
    <span className={css.snippet}>
      {before}
      {snippet.cut_before && '… '}
      {parts.map((part, index) => (
        <Fragment key={index}>{part}</Fragment>
      ))}
      {snippet.cut_after && ' …'}
    </span>
  )
}

/** What ids are called here. */
function useReferences(refs: readonly string[]): string[] {
  const { t } = useTranslation('search')
  const weft = useWeft()
  const people = useMemo(() => refs.filter((ref) => ref.startsWith('usr_')), [refs])
  const names = useNames(people)
  return refs.map((ref) => {
    if (ref.startsWith('usr_')) return `@${names[people.indexOf(ref)] || '…'}`
    if (ref.startsWith('cnv_')) return `#${weft.conversation(ref).get()?.title ?? '…'}`
    return `@${t(ref === 'here' ? 'here' : 'all')}`
  })
}
