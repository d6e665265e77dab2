import { type Attachment, draftKey, type NewAttachment } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { toast } from '@weft/ui'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { toastProblem } from '../../../shared/problem'

const MAX = 20

export interface Attachments {
  items: readonly Attachment[]
  add(files: Iterable<File>): void
  put(attachment: NewAttachment): void
  remove(key: string): void
  retry(key: string): void
}

/** What is attached in one composer. The uploads belong to the session: they go on when the composer is gone. */
export function useAttachments(conversation: string, thread: string | undefined): Attachments {
  const { t } = useTranslation('conversation')
  const weft = useWeft()
  const lane = draftKey(conversation, thread)
  const { uploads } = weft
  const items = useObservable(useMemo(() => uploads.inLane(lane), [uploads, lane]))
  return useMemo(() => {
    const room = (count: number) => {
      const left = MAX - uploads.inLane(lane).get().length
      if (count > left) toast({ tone: 'danger', text: t('tooManyFiles') })
      return Math.max(0, left)
    }
    return {
      items,
      add(files) {
        const all = [...files]
        const taken = all.slice(0, room(all.length))
        if (!taken.length) return
        // Films are measured by code that comes when the first one is attached.
        void Promise.all(
          taken.map((file) =>
            /^video\/|^audio\//.test(file.type)
              ? import('./measure')
                  .then((m) => m.measure(file))
                  .catch(() => ({ blob: file, name: file.name }))
              : { blob: file, name: file.name || t('files') },
          ),
        )
          .then((ready) => uploads.add(lane, ready))
          .catch(toastProblem)
      },
      put(attachment) {
        if (room(1) > 0) uploads.add(lane, [attachment]).catch(toastProblem)
      },
      remove: (key) => uploads.remove(key),
      retry: (key) => uploads.retry(key),
    }
  }, [items, uploads, lane, t])
}
