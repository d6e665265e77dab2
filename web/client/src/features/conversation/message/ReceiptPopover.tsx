import type { Receipt, ReceiptPerson } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { EmptyState } from '@weft/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { addMessages } from '../../../i18n'
import en from '../../../i18n/en/receipts.json'
import zh from '../../../i18n/zh-CN/receipts.json'
import { useSettled } from '../../../shared/hooks'
import { PagedList } from '../../../shared/PagedList'
import { PeopleNote, PeoplePopover, PERSON_ROW, PersonRow } from '../../../shared/PeoplePopover'

addMessages('receipts', en, zh)

type Which = 'read' | 'unread'

const PAGE = 100

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
  const labels = {
    read: t('readTab', { number: receipt.read.toLocaleString() }),
    unread: t('unreadTab', { number: unread.toLocaleString() }),
  }
  return (
    <PeoplePopover<Which>
      anchor={anchor}
      align="end"
      label={t('receipts')}
      tabs={[
        { key: 'read', label: labels.read },
        { key: 'unread', label: labels.unread },
      ]}
      which={which}
      onWhich={setWhich}
      onClose={onClose}
    >
      {named ? (
        <PagedList<ReceiptPerson>
          label={labels[which]}
          load={async (cursor) => {
            const page = await weft.api.messages.receipts(message, { state: which, cursor, limit: PAGE })
            setNamed(page.names)
            return page
          }}
          keys={[message, which, settled]}
          height={PERSON_ROW}
          rowKey={(person) => person.id}
          row={({ id, delivered }) => (
            <PersonRow
              id={id}
              tag
              after={delivered && <small title={t('deliveredHint')}>{t('delivered')}</small>}
            />
          )}
          empty={<EmptyState title={t(which === 'read' ? 'nobodyRead' : 'everybodyRead')} />}
        />
      ) : (
        <PeopleNote>{t('countOnly')}</PeopleNote>
      )}
    </PeoplePopover>
  )
}
