import { laterOf, type Scheduled } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { EmptyState, IconButton, MenuList, toast } from '@weft/ui'
import { CalendarClock, Clock, Ellipsis, Pencil, SendHorizontal, Trash2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'

import WhenDialog from '../../shared/later/WhenDialog'
import { paths } from '../../shared/paths'
import { toastProblem } from '../../shared/problem'
import { QuotedText } from '../../shared/QuotedText'
import { useTimeStyle } from '../../shared/timeStyle'
import { formatMoment } from '../../shared/when/format'
import { EditScheduled } from './EditScheduled'
import css from './later.module.css'

/** What will be sent, the next first, and what could not be. */
export function ScheduledList() {
  const { t } = useTranslation('later')
  const weft = useWeft()
  const items = useObservable(laterOf(weft).scheduled)
  if (!items.length) {
    return (
      <EmptyState icon={<Clock size={32} aria-hidden />} title={t('scheduledEmpty')}>
        {t('scheduledEmptyBody')}
      </EmptyState>
    )
  }
  return (
    <ul className={css.list} aria-label={t('scheduled')}>
      {items.map((item) => (
        <li key={item.id}>
          <ScheduledRow item={item} />
        </li>
      ))}
    </ul>
  )
}

function ScheduledRow({ item }: { item: Scheduled }) {
  const { t } = useTranslation('later')
  const weft = useWeft()
  const { routes } = laterOf(weft)
  const style = useTimeStyle()
  const conversation = useObservable(
    useMemo(() => weft.conversation(item.conversation), [weft, item.conversation]),
  )
  const [menu, setMenu] = useState<Element | null>(null)
  const [doing, setDoing] = useState<'time' | 'edit' | null>(null)
  const { message } = item
  const base = paths.conversation(weft.org, item.conversation)
  const busy = item.state === 'sending'
  const icon = { size: 16, 'aria-hidden': true } as const
  const reason = item.reason ?? 'other'
  const why = t(`reason.${reason}`, { defaultValue: t('reason.other', { code: reason }) })
  return (
    <div className={css.row} data-scheduled={item.id}>
      <Link href={message.thread ? `${base}?thread=${message.thread}` : base} className={css.link}>
        <span className={css.glyph}>
          <Clock size={18} aria-hidden />
        </span>
        <span className={css.text}>
          <span className={css.head}>
            <b>{conversation?.title ?? '\u00a0'}</b>
            <span className={css.where}>{message.thread && t('inThread')}</span>
            <time>{formatMoment(item.at, Date.now() * 1000, style)}</time>
          </span>
          <span className={css.words}>
            <QuotedText text={message.text} />
          </span>
          <span className={css.meta}>
            {item.state === 'failed' && <span className={css.failed}>{t('notSent', { reason: why })}</span>}
            {busy && t('sending')}
            {item.files.length > 0 && ` ${t('files', { count: item.files.length })}`}
          </span>
        </span>
      </Link>
      <div className={css.acts}>
        <IconButton
          label={t('more')}
          icon={<Ellipsis size={18} />}
          disabled={busy}
          aria-haspopup="menu"
          aria-expanded={menu !== null}
          onClick={(e) => setMenu(e.currentTarget)}
        />
      </div>
      {menu && (
        <MenuList
          anchor={menu}
          align="end"
          label={t('more')}
          items={[
            { label: t('edit'), icon: <Pencil {...icon} />, onSelect: () => setDoing('edit') },
            { label: t('reschedule'), icon: <CalendarClock {...icon} />, onSelect: () => setDoing('time') },
            {
              label: t('sendNow'),
              icon: <SendHorizontal {...icon} />,
              onSelect: () => void routes.sendNow(item.id).catch(toastProblem),
            },
            '-',
            {
              label: t('delete'),
              icon: <Trash2 {...icon} />,
              danger: true,
              onSelect: () =>
                void routes.unschedule(item.id).then(() => toast({ text: t('deleted') }), toastProblem),
            },
          ]}
          onClose={() => setMenu(null)}
        />
      )}
      {doing === 'time' && (
        <WhenDialog
          title={t('reschedule')}
          action={t('schedule')}
          initial={item.at}
          onPick={(when) => void routes.reschedule(item.id, { when }).catch(toastProblem)}
          onClose={() => setDoing(null)}
        />
      )}
      {doing === 'edit' && <EditScheduled item={item} onClose={() => setDoing(null)} />}
    </div>
  )
}
