import type { Message, Receipt, TimelineItem } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { cx } from '@weft/ui'
import { Check, CheckCheck } from 'lucide-react'
import { createContext, Suspense, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { useList } from '../context'
import { ReceiptPopover } from '../parts'
import css from './receipt.module.css'

const Known = createContext<Receipt | undefined>(undefined)

/** What is known of who has read the own message around; undefined around others. */
export const useReceipt = () => useContext(Known)

/** Keeps known who has read an own message, as long as it is on screen; for others it does nothing. */
export function ReceiptScope({ item, children }: { item: TimelineItem; children: ReactNode }) {
  const { me, conversation } = useList()
  const weft = useWeft()
  const { org } = useObservable(weft.meView)
  const { message, state } = item
  const on =
    message.from === me &&
    state === 'sent' &&
    message.n !== null &&
    conversation.me !== null &&
    message.seq > 0
  return on && org.receipts?.mode !== 'off' ? <Watched message={message}>{children}</Watched> : children
}

function Watched({ message, children }: { message: Message; children: ReactNode }) {
  const weft = useWeft()
  const { conversation, thread, seq } = message
  // Edits and reactions make a new message of the same place.
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  const receipt = useObservable(useMemo(() => weft.receipts.of(message), [weft, conversation, thread, seq]))
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  useEffect(() => weft.receipts.watch(message), [weft, conversation, thread, seq])
  return <Known.Provider value={receipt}>{children}</Known.Provider>
}

interface Props {
  message: Message
  /** The row is the one that the keyboard is on. */
  focusable: boolean
}

/** How far an own message was read: a ring that fills and ends as a tick; ticks alone between two people. */
export function ReceiptMark({ message, focusable }: Props) {
  const { t } = useTranslation('conversation')
  const { conversation, mirrored } = useList()
  const receipt = useReceipt()
  const [anchor, setAnchor] = useState<Element | null>(null)
  if (!receipt || receipt.total === 0) return null
  const { read, total } = receipt
  const all = read >= total
  const look = cx(css.mark, all && css.all, mirrored && css.left)
  if (conversation.kind === 'direct') {
    const label = t(all ? 'readDirect' : 'unreadDirect')
    const Icon = all ? CheckCheck : Check
    return (
      <span className={look} data-receipt role="img" aria-label={label} title={label}>
        <Icon size={14} aria-hidden />
      </span>
    )
  }
  const label = all ? t('readByAll', { total }) : t('readBy', { read, total })
  return (
    <>
      <button
        type="button"
        className={look}
        data-receipt
        tabIndex={focusable ? 0 : -1}
        aria-label={label}
        title={label}
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        onClick={(e) => setAnchor(anchor ? null : e.currentTarget)}
      >
        <Ring share={total ? read / total : 0} />
      </button>
      {anchor && (
        <Suspense fallback={null}>
          <ReceiptPopover
            anchor={anchor}
            message={message.id}
            receipt={receipt}
            onClose={() => setAnchor(null)}
          />
        </Suspense>
      )}
    </>
  )
}

const HALF = 2.75
const AROUND = 2 * Math.PI * HALF

function Ring({ share }: { share: number }) {
  return (
    <svg width={14} height={14} viewBox="0 0 14 14" aria-hidden>
      <circle cx={7} cy={7} r={6} className={css.ring} />
      {share >= 1 ? (
        <path d="M4.2 7.2 6.2 9.2 9.9 5.2" className={css.tick} />
      ) : (
        <circle
          cx={7}
          cy={7}
          r={HALF}
          className={css.fill}
          strokeDasharray={`${share * AROUND} ${AROUND}`}
          transform="rotate(-90 7 7)"
        />
      )}
    </svg>
  )
}

/** Beside a mention in an own message: a dot that turns green when that person has read it. */
export function MentionDot({ person }: { person: string }) {
  const { t } = useTranslation('conversation')
  const mentioned = useReceipt()?.mentioned
  if (!mentioned) return null
  const read = mentioned.includes(person)
  return (
    <span className={cx(css.dot, read && css.dotRead)} title={t(read ? 'hasRead' : 'hasNotRead')}>
      <span className="visually-hidden">{t(read ? 'hasRead' : 'hasNotRead')}</span>
    </span>
  )
}
