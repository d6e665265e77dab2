import '../../shared/attention/words'
import { draftKey } from '@weft/sdk'
import { lead } from '@weft/sdk/attention'
import { useWeft } from '@weft/sdk/react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'

import { Notifier } from './notifier'

/** Tells of messages while a tab is open: one tab of this browser does. Renders nothing. */
export default function Notifying({ active }: { active: string | null }) {
  const weft = useWeft()
  const { t, i18n } = useTranslation('attention')
  const [, go] = useLocation()
  const latest = useRef({ active, t, go })
  useEffect(() => {
    latest.current = { active, t, go }
  })
  useEffect(() => {
    const notifier = new Notifier(weft, {
      sees: (lane) => {
        const here = document.visibilityState === 'visible' && document.hasFocus()
        const { active } = latest.current
        if (!here || active === null) return false
        const thread = new URLSearchParams(location.search).get('thread')
        return lane === active || (thread !== null && lane === draftKey(active, thread))
      },
      t: (key, values) => latest.current.t(key, values ?? {}),
      open: (url) => latest.current.go(url),
    })
    const unlead = lead(`weft:notify:${weft.org}:${weft.me}`, () => notifier.lead())
    return () => {
      unlead()
      notifier.close()
    }
  }, [weft, i18n])
  return null
}
