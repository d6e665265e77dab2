import type { WaitingFrame } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { toast } from '@weft/ui'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'

import '../../shared/acks/words'
import { paths } from '../../shared/paths'

/** Says at once when somebody asks again, or a deadline has passed. */
export default function Reminders({ told }: { told: WaitingFrame }) {
  const { t } = useTranslation('acks')
  const weft = useWeft()
  const [, go] = useLocation()
  const seen = useRef<WaitingFrame>(undefined)
  useEffect(() => {
    if (told === seen.current) return
    seen.current = told
    // What is urgent stands over every page; see `features/urgent`.
    if (told.why === 'answered' || told.why === 'urgent' || told.why === 'cancelled') return
    const name = (told.from && weft.person(told.from).get()?.name) ?? ''
    toast({
      text: t(told.why, { name }),
      action: { label: t('open'), run: () => go(paths.conversation(weft.org, told.conv, told.seq)) },
    })
  }, [told, weft, t, go])
  return null
}
