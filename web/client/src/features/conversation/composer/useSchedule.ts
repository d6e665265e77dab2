import { draftKey, laterOf, type AckRequest } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { toast } from '@weft/ui'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'

import '../../../shared/later/words'
import { paths } from '../../../shared/paths'
import { useTimeStyle } from '../../../shared/timeStyle'
import { formatMoment } from '../../../shared/when/format'
import type { When } from '../../../shared/when/when'

/** What is scheduled from a composer. */
export interface ToSchedule {
  conversation: string
  thread: string | undefined
  text: string
  quote?: string
  ack?: AckRequest
  /** A topic's id, or its name. */
  topic?: string
  /** How long after being read it vanishes, in seconds. */
  vanish: number | undefined
  confirmAll: boolean
}

/** Hands a message over to be sent at a time; rejects with a `Problem`, and false while files are on their way. */
export function useSchedule() {
  const { t } = useTranslation('later')
  const weft = useWeft()
  const style = useTimeStyle()
  const [, go] = useLocation()
  return async (when: When, what: ToSchedule): Promise<boolean> => {
    const lane = draftKey(what.conversation, what.thread)
    const items = weft.uploads.inLane(lane).get()
    const files = items.flatMap((item) => (item.state === 'done' && item.file ? [item.file.id] : []))
    if (files.length < items.length) {
      toast({ text: t('waitForFiles') })
      return false
    }
    const done = await laterOf(weft).routes.schedule(what.conversation, when, {
      nonce: crypto.randomUUID(),
      text: what.text,
      ...(what.thread ? { thread: what.thread } : {}),
      ...(what.quote ? { quote: what.quote } : {}),
      ...(what.ack ? { ack: what.ack } : {}),
      ...(what.topic ? { topic: what.topic } : {}),
      ...(what.confirmAll ? { confirm_all: true } : {}),
      ...(files.length ? { files } : {}),
      ...(what.vanish === undefined ? {} : { vanish: what.vanish }),
    })
    weft.uploads.take(lane)
    toast({
      text: t('willSend', { when: formatMoment(done.at, Date.now() * 1000, style) }),
      action: { label: t('view'), run: () => go(paths.later(weft.org, 'scheduled')) },
    })
    return true
  }
}
