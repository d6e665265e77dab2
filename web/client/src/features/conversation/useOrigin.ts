import type { Principal } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { useEffect, useState } from 'react'

import { usePerson } from '../../shared/hooks'
import type { Shown } from './context'

interface Origin {
  at: number | undefined
  by: Principal | undefined
}

/**
 * When and by whom a conversation was made. The bootstrap leaves this out, since few of thousands of
 * conversations are asked; it is fetched when it is shown, and simply missing while offline.
 */
export function useOrigin(conversation: Shown): Origin {
  const weft = useWeft()
  const { id } = conversation
  const [fetched, setFetched] = useState<{ id: string; at?: number; by?: string | null }>()
  const known = conversation.created_at !== undefined
  useEffect(() => {
    if (known) return
    let wanted = true
    weft.api.conversations.get(id).then(
      (c) => wanted && setFetched({ id, at: c.created_at, by: c.created_by } as typeof fetched),
      () => undefined,
    )
    return () => {
      wanted = false
    }
  }, [weft, id, known])
  const own = fetched?.id === id ? fetched : undefined
  const by = conversation.created_by ?? own?.by
  const person = usePerson(by ?? weft.me)
  return { at: conversation.created_at ?? own?.at, by: by ? person : undefined }
}
