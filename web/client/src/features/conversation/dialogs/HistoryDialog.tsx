import type { Message, Part } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { Modal, SkeletonRows } from '@weft/ui'
import { useTranslation } from 'react-i18next'

import { Markdown } from '../../../lib/markdown'
import { formatFull, type TimeStyle } from '../../../lib/time'
import { useLoaded } from '../../../shared/hooks'
import { ProblemBanner } from '../../../shared/problem'
import { messageText } from '../../../shared/messageText'
import css from './dialogs.module.css'

/** The earlier versions of an edited message, the present one first. */
export function HistoryDialog({
  message,
  style,
  onClose,
}: {
  message: Message
  style: TimeStyle
  onClose: () => void
}) {
  const { t } = useTranslation('conversation')
  const weft = useWeft()
  const history = useLoaded(() => weft.api.messages.history(message.id), [message.id, message.changed_seq])
  const before = [...(history.data?.items ?? [])].sort((a, b) => b.at - a.at)
  return (
    <Modal title={t('history')} onClose={onClose}>
      <ol className={css.versions}>
        <Version
          label={t('versionNow')}
          at={message.edited_at ?? message.at}
          text={messageText(message)}
          style={style}
        />
        {before.map((v, i) => (
          <Version key={i} at={v.at} text={textOf(v.content?.parts ?? [])} style={style} />
        ))}
      </ol>
      {!history.data && !history.problem && <SkeletonRows rows={2} face={false} />}
      <ProblemBanner problem={history.problem} retry={history.reload} />
    </Modal>
  )
}

function Version({ label, at, text, style }: { label?: string; at: number; text: string; style: TimeStyle }) {
  return (
    <li>
      <p className={css.versionHead}>
        {label && <b>{label}</b>} <time>{formatFull(at, style)}</time>
      </p>
      <Markdown text={text} />
    </li>
  )
}

const textOf = (parts: readonly Part[]) =>
  parts
    .filter((p) => p.type === 'markdown')
    .map((p) => String((p as { text?: unknown }).text ?? ''))
    .join('\n')
