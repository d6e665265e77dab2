import { Button, Modal, TextArea } from '@weft/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

/** Words beside what is kept. */
export function NoteDialog(props: {
  note: string
  /** It is all there is. */
  needed: boolean
  onSave: (note: string) => void
  onClose: () => void
}) {
  const { t } = useTranslation('later')
  const [note, setNote] = useState(props.note)
  const missing = props.needed && !note.trim()
  return (
    <Modal
      size="s"
      title={t('note')}
      onClose={props.onClose}
      onSubmit={() => {
        if (missing) return
        props.onSave(note.trim())
        props.onClose()
      }}
      footer={
        <>
          <Button onClick={props.onClose}>{t('cancel')}</Button>
          <Button type="submit" variant="primary" disabled={missing}>
            {t('save')}
          </Button>
        </>
      }
    >
      <TextArea
        label={t('note')}
        quiet
        rows={5}
        maxLength={2000}
        data-autofocus
        value={note}
        onChange={(e) => setNote(e.target.value)}
      />
    </Modal>
  )
}
