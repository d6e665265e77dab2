import type { InboxItem } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { cx, IconButton } from '@weft/ui'
import { Check, Circle } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'

import { formatWhen } from '../../lib/time'
import { EmojiGlyph } from '../../shared/emoji/EmojiGlyph'
import { usePerson } from '../../shared/hooks'
import { quotableText } from '../../shared/messageText'
import { joinNames, useNames } from '../../shared/names'
import { paths } from '../../shared/paths'
import { PersonAvatar } from '../../shared/PersonAvatar'
import { QuotedText } from '../../shared/QuotedText'
import { useTimeStyle } from '../../shared/timeStyle'
import css from './inbox.module.css'

/** One thing that calls one: who, where, why, and the words. */
export function InboxRow(props: { item: InboxItem; unread: boolean; onMark: (read: boolean) => void }) {
  const { item, unread } = props
  const { t } = useTranslation('attention')
  const weft = useWeft()
  const style = useTimeStyle()
  const { message } = item
  const reactors = [...new Set(message.reactions.flatMap((reaction) => reaction.by))].filter(
    (id) => id !== weft.me,
  )
  const people = item.why === 'reaction' ? reactors.slice(0, 3) : [message.from]
  const names = useNames(people)
  const author = usePerson(people[0] ?? message.from)
  const conversation = useObservable(
    useMemo(() => weft.conversation(message.conversation), [weft, message.conversation]),
  )
  const place = message.thread
    ? `${paths.conversation(weft.org, message.conversation)}?thread=${message.thread}`
    : paths.conversation(weft.org, message.conversation, message.seq)
  const who =
    item.why === 'reaction' ? joinNames(names.filter(Boolean), style.locale) : (author?.name ?? '\u00a0')
  return (
    <div className={css.row} data-row>
      <Link href={place} className={cx(css.link, unread && css.unread)}>
        <span className={css.mark}>
          {unread && <span role="img" aria-label={t('inbox.unread', { count: 1 })} />}
        </span>
        <PersonAvatar id={people[0] ?? message.from} size={36} />
        <span className={css.text}>
          <span className={css.head}>
            <b>{who}</b>
            <span className={css.why}>
              <Why item={item} />
            </span>
            <span className={css.where}>{conversation?.title}</span>
            <time>{formatWhen(item.at, Date.now() * 1000, style)}</time>
          </span>
          <span className={css.words}>
            {item.why === 'reaction' && (
              <span className={css.emoji}>
                {message.reactions.slice(0, 6).map(({ emoji }) => (
                  <EmojiGlyph key={emoji} emoji={emoji} />
                ))}
              </span>
            )}
            <QuotedText text={quotableText(message)} />
          </span>
        </span>
      </Link>
      <IconButton
        size="s"
        side="left"
        data-mark
        label={t(unread ? 'inbox.markRead' : 'inbox.markUnread')}
        icon={unread ? <Check size={16} /> : <Circle size={14} />}
        onClick={() => props.onMark(unread)}
      />
    </div>
  )
}

function Why({ item }: { item: InboxItem }) {
  const { t, i18n } = useTranslation('attention')
  if (item.why !== 'alert') return t(`inbox.why.${item.why}`)
  if (!item.keywords.length) return t('inbox.why.person')
  return t('inbox.why.keyword', { words: joinNames(item.keywords, i18n.language) })
}
