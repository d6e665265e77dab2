import type { MergedForwardPart, MergedItem } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { Button, Modal } from '@weft/ui'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { formatWhen } from '../../../lib/time'
import { usePerson } from '../../../shared/hooks'
import { PersonAvatar } from '../../../shared/PersonAvatar'
import { useList } from '../context'
import { useMergedTitle } from '../message/MergedCard'
import { PartView } from '../message/Parts'
import css from './dialogs.module.css'

interface Props {
  part: MergedForwardPart
  /** It was opened from another chat history. */
  nested: boolean
  onBack: () => void
  onClose: () => void
}

/** All messages of a chat history; for members of where it came from, each leads to its original. */
export function MergedDialog({ part, nested, onBack, onClose }: Props) {
  const { t } = useTranslation('conversation')
  const weft = useWeft()
  const title = useMergedTitle(part)
  const source = useObservable(useMemo(() => weft.conversation(part.conversation), [weft, part.conversation]))
  return (
    <Modal
      title={title}
      size="l"
      onClose={onClose}
      footer={nested && <Button onClick={onBack}>{t('back')}</Button>}
    >
      <ol className={css.merged} tabIndex={0} aria-label={title}>
        {part.items.map((item) => (
          <Item
            key={item.message}
            item={item}
            conversation={source ? part.conversation : null}
            onClose={onClose}
          />
        ))}
      </ol>
    </Modal>
  )
}

function Item(props: { item: MergedItem; conversation: string | null; onClose: () => void }) {
  const { item, conversation, onClose } = props
  const { t } = useTranslation('conversation')
  const { actions, style } = useList()
  const who = usePerson(item.from)
  return (
    <li>
      <PersonAvatar id={item.from} size={32} />
      <div>
        <p className={css.mergedHead}>
          <b>{who?.name ?? t('someone')}</b>
          <time>{formatWhen(item.at, Date.now() * 1000, style)}</time>
          {conversation && (
            <button
              type="button"
              onClick={() => {
                onClose()
                actions.openConversation(conversation, item.seq)
              }}
            >
              {t('mergedOriginal')}
            </button>
          )}
        </p>
        {item.parts.map((part, i) => (
          <PartView key={i} part={part} />
        ))}
      </div>
    </li>
  )
}
