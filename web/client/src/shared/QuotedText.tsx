import { useMemo } from 'react'

import { nodesText, parseMarkdown } from '../lib/markdown'
import { useNames } from './names'

const MAX = 300
const IDS = /<[@#](usr_[0-9a-z]+|cnv_[0-9a-z]+)>/g

/** A text as one line of plain words, without elements; `nameOf` answers for ids. */
export function plainLine(text: string, nameOf: (id: string) => string | undefined): string {
  return nodesText(parseMarkdown(text.slice(0, MAX * 2)), (id) => nameOf(id) || '…')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MAX)
}

/** A message text as one line of plain words, names in place of ids. */
export function QuotedText({ text }: { text: string }) {
  const short = text.slice(0, MAX * 2)
  const ids = useMemo(
    () => [...short.matchAll(IDS)].map((m) => m[1]!).filter((id) => id.startsWith('usr_')),
    [short],
  )
  const names = useNames(ids)
  return <span>{plainLine(short, (id) => names[ids.indexOf(id)])}</span>
}
