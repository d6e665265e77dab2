import type { Message } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { Button, EmptyState } from '@weft/ui'
import { BadgeCheck, Siren } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'

import '../../shared/acks/words'
import { formatWhen } from '../../lib/time'
import '../../shared/urgent/words'
import { formatDeadline } from '../../shared/acks/deadline'
import { useAction, usePerson, useSettled } from '../../shared/hooks'
import { quotableText } from '../../shared/messageText'
import { Page } from '../../shared/Page'
import { PagedList } from '../../shared/PagedList'
import { paths } from '../../shared/paths'
import { PersonAvatar } from '../../shared/PersonAvatar'
import { toastProblem } from '../../shared/problem'
import { QuotedText } from '../../shared/QuotedText'
import { useTimeStyle } from '../../shared/timeStyle'
import css from './acks.module.css'

const ROW = 92

/** What waits for one's confirmation: what is urgent, then the rest, the newest first. */
export default function AcksPage() {
  const { t } = useTranslation('acks')
  const weft = useWeft()
  const waiting = useObservable(weft.acks.waiting)
  const settled = useSettled(waiting.items.map((item) => item.id).join(), 100)
  return (
    <Page title={t('title')} back={paths.home(weft.org)}>
      <PagedList<Message>
        label={t('title')}
        load={(cursor) => weft.api.messages.waiting({ cursor })}
        keys={[weft, settled]}
        height={ROW}
        rowKey={(message) => message.id}
        row={(message) => <WaitingRow message={message} />}
        empty={
          <EmptyState icon={<BadgeCheck size={32} aria-hidden />} title={t('emptyTitle')}>
            {t('emptyBody')}
          </EmptyState>
        }
      />
    </Page>
  )
}

function WaitingRow({ message }: { message: Message }) {
  const { t } = useTranslation('acks')
  const weft = useWeft()
  const style = useTimeStyle()
  const author = usePerson(message.from)
  const conversation = useObservable(
    useMemo(() => weft.conversation(message.conversation), [weft, message.conversation]),
  )
  const confirm = useAction(() =>
    weft.acks.answer(message.id, 'acknowledged').catch((error: unknown) => {
      toastProblem(error)
      throw error
    }),
  )
  const now = Date.now() * 1000
  const deadline = message.ack?.deadline ?? null
  const place = message.thread
    ? `${paths.conversation(weft.org, message.conversation)}?thread=${message.thread}`
    : paths.conversation(weft.org, message.conversation, message.seq)
  return (
    <div className={css.row}>
      <Link href={place} className={css.link}>
        <PersonAvatar id={message.from} size={36} />
        <span className={css.text}>
          <span className={css.head}>
            {message.ack?.urgent && message.ack.urgent.state !== 'cancelled' && (
              <span className={css.urgent}>
                <Siren size={14} aria-hidden />
                {t('urgent:urgent')}
              </span>
            )}
            <b>{author?.name ?? '\u00a0'}</b>
            <span className={css.where}>{conversation?.title}</span>
            <time>{formatWhen(message.at, now, style)}</time>
          </span>
          <span className={css.words}>
            <QuotedText text={quotableText(message)} />
          </span>
          {deadline !== null && (
            <span className={deadline <= now ? css.late : css.until}>
              {t(deadline <= now ? 'late' : 'until', { time: formatDeadline(deadline, now, style) })}
            </span>
          )}
        </span>
      </Link>
      <Button size="s" variant="primary" busy={confirm.busy} onClick={() => void confirm.run()}>
        {t('confirm')}
      </Button>
    </div>
  )
}
