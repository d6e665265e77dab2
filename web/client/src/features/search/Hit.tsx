import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { FileText, MessagesSquare } from 'lucide-react'
import { Link } from 'wouter'
import type { Conversation, Message, MessageHit } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'

import { formatWhen } from '../../lib/time'
import { usePerson } from '../../shared/hooks'
import { joinNames, useNames } from '../../shared/names'
import { paths } from '../../shared/paths'
import { PersonAvatar } from '../../shared/PersonAvatar'
import { useTimeStyle } from '../../shared/timeStyle'
import { Marked } from './Marked'
import css from './search.module.css'

/** A message that was found; leads to it in its conversation. */
export function Hit({ hit }: { hit: MessageHit }) {
  const { t } = useTranslation('search')
  const weft = useWeft()
  const style = useTimeStyle()
  const { message, conversation, snippet, file } = hit
  const author = usePerson(message.from ?? '')
  const place = paths.conversation(weft.org, conversation.id, message.thread_seq ?? message.seq)
  return (
    <Link
      href={message.thread ? `${place}?thread=${message.thread}` : place}
      className={css.hit}
      data-hit
      onKeyDown={(event: React.KeyboardEvent<HTMLElement>) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
        if (!step) return
        event.preventDefault()
        const all = [...document.querySelectorAll<HTMLElement>('[data-hit]')]
        all[all.indexOf(event.currentTarget) + step]?.focus()
      }}
    >
      <PersonAvatar id={message.from ?? ''} size={36} />
      <span className={css.body}>
        <span className={css.meta}>
          <b>{author?.name ?? '\u00a0'}</b>
          <span className={css.where}>
            <Where conversation={conversation} />
            {message.thread && (
              <>
                <MessagesSquare size={13} aria-hidden />
                {t('inThread')}
              </>
            )}
          </span>
          <time>{formatWhen(message.at, Date.now() * 1000, style)}</time>
        </span>
        {file ? (
          <Marked snippet={file.snippet} before={<Document name={nameOf(message, file.id)} />} />
        ) : (
          <Marked snippet={snippet} />
        )}
      </span>
    </Link>
  )
}

/** Which document the words beside it are of. */
function Document({ name }: { name: string }) {
  return (
    <span className={css.document}>
      <FileText size={14} aria-hidden />
      <span>{name}</span>
    </span>
  )
}

function nameOf(message: Message, id: string): string {
  const files = message.content.parts.flatMap((part) => (part.type === 'files' ? part.files : []))
  return files.find((file) => file.id === id)?.name ?? ''
}

function Where({ conversation }: { conversation: Conversation }) {
  const weft = useWeft()
  const { locale } = useTimeStyle()
  const known = useObservable(useMemo(() => weft.conversation(conversation.id), [weft, conversation.id]))
  const names = useNames(conversation.peers)
  const title = known?.title || conversation.name || joinNames(names.filter(Boolean), locale)
  const channel = conversation.kind === 'channel' || conversation.kind === 'private_channel'
  return <span>{channel ? `#${title}` : title}</span>
}
