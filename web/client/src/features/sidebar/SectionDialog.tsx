import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Modal, TextField } from '@weft/ui'

/** Names a section, new or old. */
export function SectionDialog(props: {
  initial?: string
  onClose: () => void
  onSave: (name: string) => void
}) {
  const { t } = useTranslation('sidebar')
  const [name, setName] = useState(props.initial ?? '')
  const clean = name.trim()
  return (
    <Modal
      size="s"
      title={props.initial === undefined ? t('section.new') : t('section.rename')}
      onClose={props.onClose}
      onSubmit={() => {
        if (!clean) return
        props.onSave(clean)
        props.onClose()
      }}
      footer={
        <>
          <Button onClick={props.onClose}>{t('common:cancel')}</Button>
          <Button type="submit" variant="primary" disabled={!clean}>
            {t('common:save')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('section.name')}
        hint={t('section.hint')}
        maxLength={40}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
    </Modal>
  )
}
