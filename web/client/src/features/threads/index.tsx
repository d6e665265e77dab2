import type { ThreadItem } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { cx, EmptyState, IconButton, toast } from '@weft/ui'
import { BellOff, MessagesSquare } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'

import { addMessages } from '../../i18n'
import en from '../../i18n/en/threads.json'
import zh from '../../i18n/zh-CN/threads.json'
import { formatWhen } from '../../lib/time'
import { usePerson } from '../../shared/hooks'
import { quotableText } from '../../shared/messageText'
import { Page } from '../../shared/Page'
import { PagedList } from '../../shared/PagedList'
import { paths } from '../../shared/paths'
import { PersonAvatar } from '../../shared/PersonAvatar'
import { toastProblem } from '../../shared/problem'
import { QuotedText } from '../../shared/QuotedText'
import { useTimeStyle } from '../../shared/timeStyle'
import css from './threads.module.css'

addMessages('threads', en, zh)

const ROW = 84

/** The threads one follows, the newest reply first; what is unread stands out. */
export default function ThreadsPage() {
  const { t } = useTranslation('threads')
  const weft = useWeft()
  const arrivals = useObservable(weft.threads.arrivals)
  return (
    <Page title={t('title')} back={paths.home(weft.org)}>
      <PagedList<ThreadItem>
        label={t('title')}
        load={(cursor) => weft.threads.list(cursor)}
        keys={[weft]}
        height={ROW}
        news={{ count: arrivals, label: t('showNew') }}
        rowKey={(item) => item.root}
        row={(item) => <ThreadRow item={item} />}
        empty={
          <EmptyState icon={<MessagesSquare size={32} aria-hidden />} title={t('emptyTitle')}>
            {t('emptyBody')}
          </EmptyState>
        }
      />
    </Page>
  )
}

function ThreadRow({ item }: { item: ThreadItem }) {
  const { t } = useTranslation('threads')
  const weft = useWeft()
  const style = useTimeStyle()
  const { message } = item
  const author = usePerson(message.from)
  const conversation = useObservable(
    useMemo(() => weft.conversation(item.conversation), [weft, item.conversation]),
  )
  const state = useObservable(useMemo(() => weft.threads.state(item.root), [weft, item.root])) ?? item
  const fresh = Math.max(0, state.last_n - state.read_n)
  const at = message.replies?.last_at ?? message.at
  const unfollow = () =>
    weft.threads.follow(item.root, false).then(
      () =>
        toast({
          text: t('unfollowed'),
          undo: () => void weft.threads.follow(item.root, true).catch(toastProblem),
        }),
      toastProblem,
    )
  return (
    <div className={css.row}>
      <Link
        href={`${paths.conversation(weft.org, item.conversation)}?thread=${item.root}`}
        className={cx(css.link, fresh > 0 && css.unread)}
      >
        <PersonAvatar id={message.from} size={36} />
        <span className={css.text}>
          <span className={css.head}>
            <b>{author?.name ?? '\u00a0'}</b>
            <span className={css.where}>{conversation?.title}</span>
            <time>{formatWhen(at, Date.now() * 1000, style)}</time>
          </span>
          <span className={css.words}>
            {message.state === 'live' ? <QuotedText text={quotableText(message)} /> : t('gone')}
          </span>
          <span className={css.foot}>
            {t('replies', { count: message.replies?.count ?? state.last_n })}
            {fresh > 0 && <b>{t('new', { count: fresh })}</b>}
          </span>
        </span>
      </Link>
      {state.following && (
        <IconButton
          size="s"
          side="left"
          label={t('unfollow')}
          icon={<BellOff size={16} />}
          onClick={() => void unfollow()}
        />
      )}
    </div>
  )
}
