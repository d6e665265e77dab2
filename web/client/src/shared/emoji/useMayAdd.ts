import { useObservable, useWeft } from '@weft/sdk/react'

/** Whether the org lets the reader add emoji. */
export function useMayAddEmoji(): boolean {
  const { org, principal } = useObservable(useWeft().meView)
  if (principal.role === 'owner' || principal.role === 'admin') return true
  return principal.role !== 'guest' && (org.emoji?.add ?? 'everybody') === 'everybody'
}
