import { type FileRef, Problem } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { useEffect, useState } from 'react'

const KEPT = 30
const texts = new Map<string, string>()

/** The beginning of a text file; kept, since rows come and go while one scrolls. */
export function useText(file: FileRef): { text: string | null; problem: Problem | null } {
  const weft = useWeft()
  const id = file.id ?? ''
  const [, wake] = useState(0)
  const [problem, setProblem] = useState<Problem | null>(null)
  const text = texts.get(id) ?? null
  useEffect(() => {
    if (!id || texts.has(id)) return
    const abort = new AbortController()
    weft.api.files.text(id, abort.signal).then(
      (found) => {
        texts.set(id, found)
        if (texts.size > KEPT) texts.delete([...texts.keys()][0] ?? '')
        wake((n) => n + 1)
      },
      (error: unknown) => !abort.signal.aborted && setProblem(Problem.of(error)),
    )
    return () => abort.abort()
  }, [weft, id])
  return { text, problem }
}
