import { useObservable, useWeft } from '@weft/sdk/react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import type { MarkdownSlots } from '../../../lib/markdown'
import { usePerson } from '../../../shared/hooks'
import { emitIntent } from '../../../shared/intents'
import { useList } from '../context'
import { EmojiGlyph } from '../../../shared/emoji/EmojiGlyph'
import css from './message.module.css'
import { MentionDot } from './Receipt'

function Person({ id }: { id: string }) {
  const { t } = useTranslation('conversation')
  const weft = useWeft()
  const person = usePerson(id)
  return (
    <>
      <button
        type="button"
        className={id === weft.me ? `${css.mention} ${css.toMe}` : css.mention}
        onClick={(e) => emitIntent('profile', { person: id, anchor: e.currentTarget })}
      >
        @{person?.name ?? t('someone')}
      </button>
      <MentionDot person={id} />
    </>
  )
}

function Everyone({ which }: { which: 'all' | 'here' }) {
  const { t } = useTranslation('conversation')
  return <span className={`${css.mention} ${css.toMe}`}>@{t(which === 'all' ? 'atAll' : 'atHere')}</span>
}

function Channel({ id }: { id: string }) {
  const { t } = useTranslation('conversation')
  const weft = useWeft()
  const { actions } = useList()
  const known = useObservable(useMemo(() => weft.conversation(id), [weft, id]))
  return (
    <button type="button" className={css.mention} onClick={() => actions.openConversation(id)}>
      #{known?.title ?? t('channelElsewhere')}
    </button>
  )
}

const Emoji = ({ name }: { name: string }) => <EmojiGlyph emoji={`:${name}:`} />

/** How people, everyone, channels and emoji by name look inside a message. */
export const slots: MarkdownSlots = { Person, Everyone, Channel, Emoji }
