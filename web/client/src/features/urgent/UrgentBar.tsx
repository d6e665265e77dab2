import type { Message } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { Button } from '@weft/ui'
import { Siren } from 'lucide-react'
import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation, useRoute } from 'wouter'

import { formatWhen } from '../../lib/time'
import '../../shared/acks/words'
import { useAction, usePerson } from '../../shared/hooks'
import { quotableText } from '../../shared/messageText'
import { paths } from '../../shared/paths'
import { PersonAvatar } from '../../shared/PersonAvatar'
import { toastProblem } from '../../shared/problem'
import { QuotedText } from '../../shared/QuotedText'
import { useTimeStyle } from '../../shared/timeStyle'
import '../../shared/urgent/words'
import { chime } from './chime'
import css from './urgentBar.module.css'

/** What is urgent stands over every page until it is confirmed; it is heard when it comes and comes again. */
export default function UrgentBar() {
  const { t } = useTranslation('urgent')
  const weft = useWeft()
  const { items, urgent } = useObservable(weft.acks.waiting)
  const told = useObservable(weft.acks.told)
  const first = items[0]
  const ids = items.slice(0, urgent).map((item) => item.id)
  const known = ids.join()
  const shown = useRef(new Set<string>())
  useEffect(() => {
    for (const id of known.split(',').filter((each) => each && !shown.current.has(each))) {
      shown.current.add(id)
      chime()
      // Where it cannot be told now, it is told when the bar is shown again.
      weft.api.urgent.seen(id).catch(() => shown.current.delete(id))
    }
  }, [weft, known])
  const heard = useRef(told)
  useEffect(() => {
    if (told === heard.current) return
    heard.current = told
    if (told && (told.why === 'urgent' || told.why === 'reminder')) chime()
  }, [told])
  // There they stand first, each with its button.
  const [listed] = useRoute('/o/:org/acks')
  if (!first || urgent === 0 || listed) return null
  return (
    <section className={css.bar} role="alert" aria-label={t('barLabel')}>
      <One key={first.id} message={first} />
      {urgent > 1 && (
        <Link href={paths.acks(weft.org)} className={css.more}>
          {t('more', { count: urgent - 1 })}
        </Link>
      )}
    </section>
  )
}

function One({ message }: { message: Message }) {
  const { t } = useTranslation('urgent')
  const weft = useWeft()
  const style = useTimeStyle()
  const [, go] = useLocation()
  const author = usePerson(message.from)
  const place = useObservable(
    useMemo(() => weft.conversation(message.conversation), [weft, message.conversation]),
  )
  const confirm = useAction(() =>
    weft.acks.answer(message.id, 'acknowledged').catch((error: unknown) => {
      toastProblem(error)
      throw error
    }),
  )
  const open = message.thread
    ? `${paths.conversation(weft.org, message.conversation)}?thread=${message.thread}`
    : paths.conversation(weft.org, message.conversation, message.seq)
  return (
    <div className={css.one}>
      <PersonAvatar id={message.from} size={36} />
      <div className={css.text}>
        <div className={css.head}>
          <span className={css.mark}>
            <Siren size={14} aria-hidden />
            {t('urgent')}
          </span>
          <b>{author?.name ?? '\u00a0'}</b>
          <span className={css.where}>{place?.title}</span>
          <time>{formatWhen(message.at, Date.now() * 1000, style)}</time>
        </div>
        <div className={css.words}>
          <QuotedText text={quotableText(message)} />
        </div>
      </div>
      <div className={css.buttons}>
        <Button size="s" onClick={() => go(open)}>
          {t('open')}
        </Button>
        <Button size="s" variant="primary" busy={confirm.busy} onClick={() => void confirm.run()}>
          {t('acks:confirm')}
        </Button>
      </div>
    </div>
  )
}
