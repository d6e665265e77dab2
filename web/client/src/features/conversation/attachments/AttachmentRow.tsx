import type { Attachment } from '@weft/sdk'
import { IconButton } from '@weft/ui'
import { RotateCw, X } from 'lucide-react'
import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { KindIcon } from '../../../shared/files/FileCard'
import { readable } from '../../../shared/files/layout'
import { problemText } from '../../../shared/problem'
import css from './attachments.module.css'
import type { Attachments } from './useAttachments'

/** What is attached, over the text: how far each upload is, and a way to give it up. */
export default function AttachmentRow({ attachments }: { attachments: Attachments }) {
  const { t } = useTranslation('files')
  return (
    <ul className={css.row} aria-label={t('attached')}>
      {attachments.items.map((item) => (
        <Card key={item.key} item={item} attachments={attachments} />
      ))}
    </ul>
  )
}

function Card({ item, attachments }: { item: Attachment; attachments: Attachments }) {
  const { t } = useTranslation('files')
  const { name, size, state, sent, problem } = item
  const percent = size ? Math.min(100, Math.floor((sent / size) * 100)) : 0
  const picture = item.type.startsWith('image/') ? item.blob : undefined
  const src = useMemo(() => (picture ? URL.createObjectURL(picture) : undefined), [picture])
  useEffect(() => () => void (src && URL.revokeObjectURL(src)), [src])
  return (
    <li className={css.card} data-state={state}>
      {src ? <img src={src} alt="" /> : <KindIcon kind={item.file?.kind} />}
      <span className={css.words}>
        <b>{name}</b>
        <small role={state === 'failed' ? 'alert' : undefined}>
          {state === 'failed' && problem
            ? problemText(t, problem)
            : state === 'uploading'
              ? t('uploading', { percent, size: readable(size) })
              : state === 'waiting'
                ? t('waiting')
                : readable(size)}
        </small>
      </span>
      {state === 'failed' && (
        <IconButton
          size="s"
          side="top"
          label={t('retryUpload', { name })}
          icon={<RotateCw size={14} />}
          onClick={() => attachments.retry(item.key)}
        />
      )}
      <IconButton
        size="s"
        side="top"
        label={t(state === 'uploading' ? 'cancelUpload' : 'remove', { name })}
        icon={<X size={14} />}
        onClick={() => attachments.remove(item.key)}
      />
      {state === 'uploading' && (
        <progress className={css.progress} max={100} value={percent} aria-label={name} />
      )}
    </li>
  )
}
