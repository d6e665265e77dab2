import { useWeft } from '@weft/sdk/react'
import { EmptyState, IconButton, SidePanel, SkeletonRows } from '@weft/ui'
import { Pin, PinOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { formatWhen } from '../../../lib/time'
import { useLoaded, usePerson } from '../../../shared/hooks'
import { PersonAvatar } from '../../../shared/PersonAvatar'
import { ProblemBanner, toastProblem } from '../../../shared/problem'
import type { MessageActions, Shown } from '../context'
import { useTimeStyle } from '../../../shared/timeStyle'
import { QuotedText } from '../../../shared/QuotedText'
import { quotableText } from '../../../shared/messageText'
import type { Message } from '@weft/sdk'
import css from './panels.module.css'

interface Props {
  conversation: Shown
  actions: MessageActions
  onClose: () => void
}

/** What the conversation's people pinned. */
export function PinsPanel({ conversation, actions, onClose }: Props) {
  const { t } = useTranslation('conversation')
  const weft = useWeft()
  const pins = useLoaded(() => weft.api.messages.pins(conversation.id), [conversation.id])
  const unpin = (message: Message) =>
    weft
      .pin(message, false)
      .then(
        () => pins.patch((page) => ({ ...page, items: page.items.filter((m) => m.id !== message.id) })),
        toastProblem,
      )
  return (
    <SidePanel title={t('pins')} onClose={onClose}>
      {pins.problem ? (
        <div className={css.pad}>
          <ProblemBanner problem={pins.problem} retry={pins.reload} />
        </div>
      ) : !pins.data ? (
        <SkeletonRows rows={4} />
      ) : pins.data.items.length === 0 ? (
        <EmptyState icon={<Pin size={28} aria-hidden />} title={t('pinsEmpty')}>
          {t('pinsEmptyDetail')}
        </EmptyState>
      ) : (
        <ul className={css.pins}>
          {pins.data.items.map((m) => (
            <PinRow
              key={m.id}
              message={m}
              onOpen={() => actions.openConversation(conversation.id, m.seq)}
              onUnpin={conversation.me ? () => void unpin(m) : undefined}
            />
          ))}
        </ul>
      )}
    </SidePanel>
  )
}

function PinRow({
  message,
  onOpen,
  onUnpin,
}: {
  message: Message
  onOpen: () => void
  onUnpin: (() => void) | undefined
}) {
  const { t } = useTranslation('conversation')
  const style = useTimeStyle()
  const author = usePerson(message.from)
  const by = usePerson(message.pinned?.by ?? message.from)
  return (
    <li className={css.pin}>
      <button type="button" className={css.pinMain} onClick={onOpen}>
        <span className={css.pinHead}>
          <PersonAvatar id={message.from} size={20} />
          <b>{author?.name}</b>
          <time>{formatWhen(message.at, Date.now() * 1000, style)}</time>
        </span>
        <span className={css.pinText}>
          <QuotedText text={quotableText(message)} />
        </span>
        {message.pinned && by && <small>{t('pinnedBy', { name: by.name })}</small>}
      </button>
      {onUnpin && (
        <IconButton size="s" side="left" label={t('unpin')} icon={<PinOff size={16} />} onClick={onUnpin} />
      )}
    </li>
  )
}
