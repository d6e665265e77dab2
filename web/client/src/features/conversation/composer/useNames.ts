import { useWeft } from '@weft/sdk/react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

/** The names that ids in a text stand for. */
export interface Names {
  /** Without its sign; undefined while it is not known. */
  label(id: string): string | undefined
  /** Calls when the name of an id changes. */
  watch(id: string, changed: () => void): () => void
}

export function useNames(): Names {
  const weft = useWeft()
  const { t } = useTranslation('conversation')
  return useMemo(() => {
    const of = (id: string) => (id.startsWith('cnv_') ? weft.conversation(id) : weft.person(id))
    return {
      label: (id) =>
        id === 'all' || id === 'here' ? t(id === 'all' ? 'atAll' : 'atHere') : of(id).get()?.name,
      watch: (id, changed) => (id.includes('_') ? of(id).subscribe(changed) : () => undefined),
    }
  }, [weft, t])
}
