import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import css from './drop.module.css'
import { useAttachments } from './useAttachments'
import { useDrop } from './useDrop'

interface Props {
  conversation: string
  thread?: string
  /** Where one cannot write, nothing can be dropped. */
  enabled: boolean
  className: string | undefined
  label?: string
  children: ReactNode
}

/** A conversation or thread that files can be dropped onto. */
export function DropZone({ conversation, thread, enabled, className, label, children }: Props) {
  const { t } = useTranslation('conversation')
  const attachments = useAttachments(conversation, thread)
  const { over, handlers } = useDrop(enabled ? attachments.add : null)
  return (
    <section className={className} aria-label={label} {...handlers}>
      {children}
      {over && <div className={css.drop}>{t('dropFiles')}</div>}
    </section>
  )
}
