import { laterOf } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { toast } from '@weft/ui'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'

import { paths } from '../../shared/paths'

/** Says at once when a reminder comes, or a scheduled message could not be sent. */
export function Told() {
  const { t } = useTranslation('later')
  const weft = useWeft()
  const later = laterOf(weft)
  const [, go] = useLocation()
  const reminder = useObservable(later.reminder)
  const failure = useObservable(later.failure)
  const said = useRef<unknown[]>([reminder, failure])
  useEffect(() => {
    if (!reminder || said.current.includes(reminder)) return
    said.current.push(reminder)
    const { conv, seq, note } = reminder
    const to = conv && seq ? paths.conversation(weft.org, conv, seq) : paths.later(weft.org)
    toast({
      text: t('reminderToast', { what: note || t('reminderMessage') }),
      action: { label: t('openMessage'), run: () => go(to) },
    })
  }, [reminder, weft, t, go])
  useEffect(() => {
    if (!failure || said.current.includes(failure)) return
    said.current.push(failure)
    toast({
      tone: 'danger',
      text: t('failedToast'),
      action: { label: t('view'), run: () => go(paths.later(weft.org, 'scheduled')) },
    })
  }, [failure, weft, t, go])
  return null
}
