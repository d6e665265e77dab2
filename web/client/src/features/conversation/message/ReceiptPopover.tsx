import type { Receipt, ReceiptPerson } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { EmptyState, Floating } from '@weft/ui'
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'

import { addMessages } from '../../../i18n'
import en from '../../../i18n/en/receipts.json'
import zh from '../../../i18n/zh-CN/receipts.json'
import { usePerson, useSettled } from '../../../shared/hooks'
import { emitIntent } from '../../../shared/intents'
import { PagedList } from '../../../shared/PagedList'
import { PersonAvatar, PersonTag } from '../../../shared/PersonAvatar'
import css from './receiptPopover.module.css'

addMessages('receipts', en, zh)

type Which = 'read' | 'unread'

const PAGE = 100
const ROW = 44

interface Props {
  anchor: Element
  message: string
  receipt: Receipt
  onClose: () => void
}

/** Who has read a message, and who has not; the counts alone where the org tells no names. */
export function ReceiptPopover({ anchor, message, receipt, onClose }: Props) {
  const { t } = useTranslation('receipts')
  const weft = useWeft()
  const unread = receipt.total - receipt.read
  const [which, setWhich] = useState<Which>(unread > 0 ? 'unread' : 'read')
  const [named, setNamed] = useState(receipt.mentioned !== undefined)
  // The lists follow, but not with every single reader.
  const settled = useSettled(receipt.read, 800)
  const panel = useRef<HTMLDivElement>(null)
  const id = useId()
  useEffect(() => {
    const back = document.activeElement as HTMLElement | null
    panel.current?.querySelector<HTMLElement>('[aria-selected=true]')?.focus({ preventScroll: true })
    return () => back?.focus({ preventScroll: true })
  }, [])
  const other = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
    event.preventDefault()
    const next = which === 'read' ? 'unread' : 'read'
    setWhich(next)
    panel.current?.querySelector<HTMLElement>(`[data-which=${next}]`)?.focus()
  }
  const tab = (key: Which, count: number) => (
    <button
      type="button"
      role="tab"
      data-which={key}
      aria-selected={which === key}
      aria-controls={id}
      tabIndex={which === key ? 0 : -1}
      onClick={() => setWhich(key)}
    >
      {t(key === 'read' ? 'readTab' : 'unreadTab', { number: count.toLocaleString() })}
    </button>
  )
  return (
    <Floating
      anchor={anchor}
      side="top"
      align="end"
      onClose={onClose}
      role="dialog"
      label={t('receipts')}
      panelRef={panel}
    >
      <div className={css.panel}>
        <div role="tablist" aria-label={t('receipts')} className={css.tabs} onKeyDown={other}>
          {tab('read', receipt.read)}
          {tab('unread', unread)}
        </div>
        <div role="tabpanel" id={id} className={css.list}>
          {named ? (
            <PagedList<ReceiptPerson>
              label={t(which === 'read' ? 'readTab' : 'unreadTab', {
                number: which === 'read' ? receipt.read : unread,
              })}
              load={async (cursor) => {
                const page = await weft.api.messages.receipts(message, { state: which, cursor, limit: PAGE })
                setNamed(page.names)
                return page
              }}
              keys={[message, which, settled]}
              height={ROW}
              rowKey={(person) => person.id}
              row={(person) => <Row person={person} />}
              empty={<EmptyState title={t(which === 'read' ? 'nobodyRead' : 'everybodyRead')} />}
            />
          ) : (
            <p className={css.note}>{t('countOnly')}</p>
          )}
        </div>
      </div>
    </Floating>
  )
}

function Row({ person: { id, delivered } }: { person: ReceiptPerson }) {
  const { t } = useTranslation('receipts')
  const person = usePerson(id)
  return (
    <button
      type="button"
      className={css.person}
      onClick={(e) => emitIntent('profile', { person: id, anchor: e.currentTarget })}
    >
      <PersonAvatar id={id} size={28} />
      <span className={css.name}>{person?.name ?? '\u00a0'}</span>
      {person && <PersonTag person={person} />}
      {delivered && <small title={t('deliveredHint')}>{t('delivered')}</small>}
    </button>
  )
}
