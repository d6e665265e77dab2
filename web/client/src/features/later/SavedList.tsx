import { laterOf, type SavedItem } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { EmptyState, IconButton, MenuList, toast } from '@weft/ui'
import { Bell, Bookmark, Check, CheckCheck, Ellipsis, NotebookPen, Trash2, Undo2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'

import { formatWhen } from '../../lib/time'
import { usePerson, useSettled } from '../../shared/hooks'
import { REMIND } from '../../shared/later/when'
import MomentMenu from '../../shared/later/MomentMenu'
import { quotableText } from '../../shared/messageText'
import { PagedList } from '../../shared/PagedList'
import { paths } from '../../shared/paths'
import { PersonAvatar } from '../../shared/PersonAvatar'
import { toastProblem } from '../../shared/problem'
import { QuotedText } from '../../shared/QuotedText'
import { useTimeStyle } from '../../shared/timeStyle'
import { formatMoment } from '../../shared/when/format'
import type { When } from '../../shared/when/when'
import css from './later.module.css'
import { NoteDialog } from './NoteDialog'

const ROW = 92

/** What is kept, in progress or done, the newest first. */
export function SavedList({ state }: { state: 'open' | 'done' }) {
  const { t } = useTranslation('later')
  const weft = useWeft()
  const later = laterOf(weft)
  const changes = useSettled(useObservable(later.changes), 100)
  return (
    <PagedList<SavedItem>
      label={t(state)}
      load={(cursor) => later.routes.saved({ state, cursor })}
      keys={[weft, changes]}
      height={ROW}
      rowKey={(item) => item.id}
      row={(item) => <SavedRow item={item} />}
      empty={
        <EmptyState icon={<Bookmark size={32} aria-hidden />} title={t(`${state}Empty`)}>
          {t(`${state}EmptyBody`)}
        </EmptyState>
      }
    />
  )
}

function SavedRow({ item }: { item: SavedItem }) {
  const { t } = useTranslation('later')
  const weft = useWeft()
  const later = laterOf(weft)
  const { message } = item
  const [menu, setMenu] = useState<Element | null>(null)
  const [remind, setRemind] = useState<Element | null>(null)
  const [noting, setNoting] = useState(false)
  const change = (patch: Parameters<typeof later.routes.change>[1]) =>
    later.routes.change(item.id, patch).then((mark) => later.apply(mark), toastProblem)
  const remove = () =>
    later.routes
      .remove(item.id)
      .then(() => later.apply({ ...item, message: item.message_id, state: 'gone' }), toastProblem)
  const place =
    message &&
    (message.thread
      ? `${paths.conversation(weft.org, message.conversation)}?thread=${message.thread}`
      : paths.conversation(weft.org, message.conversation, message.seq))
  const icon = { size: 16, 'aria-hidden': true } as const
  return (
    <div className={css.row} data-saved={item.id}>
      {place ? (
        <Link href={place} className={css.link}>
          <Words item={item} />
        </Link>
      ) : (
        <div className={css.link}>
          <Words item={item} />
        </div>
      )}
      <div className={css.acts}>
        <IconButton
          label={t(item.state === 'open' ? 'markDone' : 'markOpen')}
          icon={item.state === 'open' ? <Check size={18} /> : <Undo2 size={18} />}
          onClick={() => {
            const to = item.state === 'open' ? 'done' : 'open'
            void change({ state: to })
            if (to === 'done') toast({ text: t('done'), undo: () => void change({ state: 'open' }) })
          }}
        />
        <IconButton
          label={t('more')}
          icon={<Ellipsis size={18} />}
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
            { label: t('remind'), icon: <Bell {...icon} />, onSelect: () => setRemind(menu) },
            item.remind_at !== null && {
              label: t('noRemind'),
              icon: <CheckCheck {...icon} />,
              onSelect: () => void change({ remind: null }),
            },
            {
              label: t(item.note ? 'noteEdit' : 'noteAdd'),
              icon: <NotebookPen {...icon} />,
              onSelect: () => setNoting(true),
            },
            '-',
            { label: t('remove'), icon: <Trash2 {...icon} />, danger: true, onSelect: () => void remove() },
          ]}
          onClose={() => setMenu(null)}
        />
      )}
      {remind && (
        <MomentMenu
          anchor={remind}
          align="end"
          title={t('remindTitle')}
          action={t('remind')}
          presets={REMIND}
          onPick={(when: When) => void change({ remind: when })}
          onClose={() => setRemind(null)}
        />
      )}
      {noting && (
        <NoteDialog
          note={item.note}
          needed={item.message_id === null}
          onSave={(note) => void change({ note })}
          onClose={() => setNoting(false)}
        />
      )}
    </div>
  )
}

function Words({ item }: { item: SavedItem }) {
  const { t } = useTranslation('later')
  const weft = useWeft()
  const style = useTimeStyle()
  const { message } = item
  const author = usePerson(message?.from ?? weft.me)
  const conversation = useObservable(
    useMemo(() => weft.conversation(item.conversation ?? ''), [weft, item.conversation]),
  )
  const now = Date.now() * 1000
  const what = message && message.state === 'live' ? quotableText(message) : null
  return (
    <>
      {message ? (
        <PersonAvatar id={message.from} size={36} />
      ) : (
        <span className={css.glyph}>
          <Bell size={18} aria-hidden />
        </span>
      )}
      <span className={css.text}>
        <span className={css.head}>
          <b>{message ? (author?.name ?? '\u00a0') : t(item.message_id ? 'saved' : 'noteOnly')}</b>
          <span className={css.where}>{conversation?.title}</span>
          <time>{formatWhen(message?.at ?? item.saved_at, now, style)}</time>
        </span>
        <span className={css.words}>
          {what !== null ? (
            <QuotedText text={what} />
          ) : item.message_id ? (
            <i className={css.quiet}>{t(message ? 'gone' : 'unreadable')}</i>
          ) : (
            item.note
          )}
        </span>
        <span className={css.meta}>
          {item.remind_at !== null && (
            <span className={item.reminded_at !== null ? css.due : undefined}>
              {t(item.reminded_at !== null ? 'due' : 'until', {
                when: formatMoment(item.remind_at, now, style),
              })}
            </span>
          )}
          {item.remind_at !== null && item.message_id && item.note && ' · '}
          {item.message_id && item.note}
        </span>
      </span>
    </>
  )
}
