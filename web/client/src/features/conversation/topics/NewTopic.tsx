import { Button, Modal, TextField } from '@weft/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { TOPIC_MAX } from './TopicField'

/** Names a topic; it is made with its first message. */
export function NewTopic({ onClose, onStart }: { onClose: () => void; onStart: (name: string) => void }) {
  const { t } = useTranslation('topics')
  const [text, setText] = useState('')
  const name = text.trim().replace(/\s+/g, ' ')
  return (
    <Modal
      title={t('newTitle')}
      size="s"
      onClose={onClose}
      onSubmit={() => name && onStart(name)}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button variant="primary" type="submit" disabled={!name}>
            {t('start')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('name')}
        hint={t('newHint')}
        value={text}
        maxLength={TOPIC_MAX}
        data-autofocus
        onChange={(event) => setText(event.target.value)}
      />
    </Modal>
  )
}
