import '../../shared/attention/words'
import type { InboxItem } from '@weft/sdk'
import { attention, type InboxKind } from '@weft/sdk/attention'
import { useObservable, useWeft } from '@weft/sdk/react'
import { Button, Checkbox, EmptyState, toast } from '@weft/ui'
import { AtSign, CheckCheck } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'

import { useAction, usePhone, useSetting } from '../../shared/hooks'
import { isTyping } from '../../shared/keys'
import { Page } from '../../shared/Page'
import { PagedList } from '../../shared/PagedList'
import { paths } from '../../shared/paths'
import { toastProblem } from '../../shared/problem'
import css from './inbox.module.css'
import { InboxRow } from './InboxRow'

const ROW = 76
/** Marks and the news of them come close together. */
const more = ['replies', 'reactions'] as const

/** Everything that calls one: what is unread first. */
export default function InboxPage() {
  const { t } = useTranslation('attention')
  const weft = useWeft()
  const phone = usePhone()
  const [, go] = useLocation()
  const all = attention(weft)
  const arrivals = useObservable(all.arrivals)
  const unread = useObservable(all.unread)
  const [shown, setShown] = useSetting<string[]>('inbox.kinds', [])
  const kinds: InboxKind[] = ['mentions', 'alerts', ...more.filter((kind) => shown.includes(kind))]
  // What was marked here, before the list is asked again.
  const [marked, setMarked] = useState<ReadonlyMap<string, boolean>>(new Map())
  const [turn, setTurn] = useState(0)
  const mark = (item: InboxItem, read: boolean) => {
    const { id } = item.message
    setMarked((now) => new Map(now).set(id, read))
    all.markRead([id], read).catch((error: unknown) => {
      setMarked((now) => new Map(now).set(id, !read))
      toastProblem(error)
    })
    if (read) toast({ text: t('inbox.markedRead'), undo: () => mark(item, false) })
  }
  const markAll = useAction(async () => {
    await all.markRead()
    setMarked(new Map())
    setTurn((n) => n + 1)
    toast({ text: t('inbox.allRead') })
  })
  const list = useRef<HTMLDivElement>(null)
  useRowKeys(list)
  return (
    <Page
      title={t('inbox.title')}
      back={paths.home(weft.org)}
      actions={
        <Button
          size="s"
          icon={<CheckCheck size={16} aria-hidden />}
          disabled={unread === 0}
          busy={markAll.busy}
          onClick={() => void markAll.run()}
        >
          {t('inbox.markAll')}
        </Button>
      }
    >
      <div className={css.filters} role="group" aria-label={t('inbox.filter')}>
        {!phone && <span aria-hidden>{t('inbox.filter')}</span>}
        {more.map((kind) => (
          <Checkbox
            key={kind}
            label={t(`inbox.${kind}`)}
            checked={shown.includes(kind)}
            onChange={(event) =>
              setShown(event.target.checked ? [...shown, kind] : shown.filter((each) => each !== kind))
            }
          />
        ))}
      </div>
      <div ref={list} className={css.list}>
        <PagedList<InboxItem>
          label={t('inbox.title')}
          load={(cursor) => all.list(kinds, cursor)}
          keys={[weft, kinds.join(), turn]}
          height={ROW}
          news={{ count: arrivals, label: t('inbox.showNew') }}
          rowKey={(item) => item.message.id}
          row={(item) => (
            <InboxRow
              item={item}
              unread={
                item.unread ? marked.get(item.message.id) !== true : marked.get(item.message.id) === false
              }
              onMark={(read) => mark(item, read)}
            />
          )}
          empty={
            <EmptyState
              icon={<AtSign size={32} aria-hidden />}
              title={t('inbox.emptyTitle')}
              action={
                <Button onClick={() => go(paths.settings(weft.org, 'notifications'))}>
                  {t('inbox.alertsLink')}
                </Button>
              }
            >
              {t('inbox.emptyBody')}
            </EmptyState>
          }
        />
      </div>
    </Page>
  )
}

/** J/K or the arrows move over the rows, E marks the one in focus, Enter opens it. */
function useRowKeys(list: React.RefObject<HTMLDivElement | null>) {
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return
      if (document.querySelector('dialog[open]')) return
      const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])]
      const at = rows.findIndex((row) => row.contains(document.activeElement))
      const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key]
      if (step !== undefined) {
        const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step]
        if (!next) return
        event.preventDefault()
        next.querySelector<HTMLElement>('a')?.focus()
        next.scrollIntoView({ block: 'nearest' })
      } else if (event.key === 'e' && at >= 0) {
        event.preventDefault()
        rows[at]?.querySelector<HTMLElement>('[data-mark]')?.click()
      }
    }
    window.addEventListener('keydown', key)
    return () => window.removeEventListener('keydown', key)
  }, [list])
}
