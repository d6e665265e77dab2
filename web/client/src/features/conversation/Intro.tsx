import { Button } from '@weft/ui'
import { UserPlus } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { formatDate } from '../../lib/time'
import { emitIntent } from '../../shared/intents'
import { PersonAvatar } from '../../shared/PersonAvatar'
import type { Shown } from './context'
import css from './conversation.module.css'
import { Kind } from './Header'
import { useTimeStyle } from '../../shared/timeStyle'
import { useOrigin } from './useOrigin'

/** Stands before the first message: what this conversation is for, and the one next step. */
export function Intro({ conversation }: { conversation: Shown }) {
  const { t } = useTranslation('conversation')
  const style = useTimeStyle()
  const channel = conversation.kind === 'channel' || conversation.kind === 'private_channel'
  const { by: creator, at } = useOrigin(conversation)
  const when = at === undefined ? '' : formatDate(at, style)
  return (
    <div className={css.intro}>
      {conversation.kind === 'direct' && conversation.peers[0] ? (
        <PersonAvatar id={conversation.peers[0]} size={48} />
      ) : null}
      <h2>
        {channel && <Kind conversation={conversation} />} {conversation.title}
      </h2>
      <p>
        {channel
          ? creator && when
            ? t('intro.channelBy', { name: creator.name, when })
            : t('intro.channel')
          : conversation.kind === 'group'
            ? t('intro.group')
            : conversation.peers[0]
              ? t('intro.direct', { name: conversation.title })
              : t('intro.self')}
      </p>
      {conversation.purpose && <p className={css.purpose}>{conversation.purpose}</p>}
      {channel && conversation.me && conversation.member_count < 2 && (
        <Button
          icon={<UserPlus size={16} />}
          onClick={() => emitIntent('add-people', { conversation: conversation.id })}
        >
          {t('addPeople')}
        </Button>
      )}
    </div>
  )
}
