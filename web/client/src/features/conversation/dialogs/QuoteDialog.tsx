import type { Message } from '@weft/sdk'
import { Modal, TextField } from '@weft/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { quotableText } from '../../../shared/messageText'
import { QuotedText } from '../../../shared/QuotedText'
import { useList } from '../context'
import { Kind } from '../Header'
import { quoteIn } from '../quotes'
import css from './dialogs.module.css'
import { useTargets } from './targets'

/** Asks for the conversation in which a message is to be quoted, and goes there. */
export function QuoteDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const { t } = useTranslation('conversation')
  const { actions } = useList()
  const [query, setQuery] = useState('')
  const found = useTargets(query).filter((c) => c.id !== message.conversation)
  const pick = (id: string) => {
    quoteIn(id, message)
    onClose()
    actions.openConversation(id)
  }
  return (
    <Modal
      title={t('quoteElsewhereTitle')}
      onClose={onClose}
      onSubmit={() => query.trim() && found[0] && pick(found[0].id)}
    >
      <div className={css.form}>
        <blockquote className={css.preview}>
          <QuotedText text={quotableText(message)} />
        </blockquote>
        <TextField
          label={t('quoteWhere')}
          type="search"
          placeholder={t('forwardSearch')}
          value={query}
          onChange={(e) => setQuery(e.target.value)}
        />
        <ul className={css.targets}>
          {found.map((c) => (
            <li key={c.id}>
              <button type="button" className={css.pick} onClick={() => pick(c.id)}>
                <Kind conversation={c} size={20} />
                {c.title}
              </button>
            </li>
          ))}
          {found.length === 0 && <li className={css.none}>{t('forwardNone')}</li>}
        </ul>
      </div>
    </Modal>
  )
}
