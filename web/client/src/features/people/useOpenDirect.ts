import { useLocation } from 'wouter'
import { useWeft } from '@weft/sdk/react'
import { useAction } from '../../shared/hooks'
import { paths } from '../../shared/paths'
import { toastProblem } from '../../shared/problem'

/** Opens the direct conversation with a person, making it when there is none. */
export function useOpenDirect() {
  const weft = useWeft()
  const [, go] = useLocation()
  return useAction(async (person: string) => {
    try {
      const members = person === weft.me ? [] : [person]
      const made = await weft.api.conversations.create({ kind: 'direct', members })
      go(paths.conversation(weft.org, made.id))
    } catch (error) {
      toastProblem(error)
    }
  })
}
