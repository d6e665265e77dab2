import { laterOf, type Scheduled } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { Button, Checkbox, Modal, TextArea } from '@weft/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useAction } from '../../shared/hooks'
import { ProblemBanner } from '../../shared/problem'
import css from './later.module.css'

/** Changes what will be sent: its text, and which of its files. */
export function EditScheduled({ item, onClose }: { item: Scheduled; onClose: () => void }) {
  const { t } = useTranslation('later')
  const weft = useWeft()
  const { message } = item
  const [text, setText] = useState(message.text)
  const [files, setFiles] = useState<readonly string[]>(message.files ?? [])
  const save = useAction(async () => {
    await laterOf(weft).routes.reschedule(item.id, {
      message: { ...message, text: text.trim(), files: [...files] },
    })
    onClose()
  })
  const empty = !text.trim() && !files.length
  return (
    <Modal
      title={t('editTitle')}
      onClose={onClose}
      onSubmit={() => void (empty || save.run())}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" variant="primary" busy={save.busy} disabled={empty}>
            {t('save')}
          </Button>
        </>
      }
    >
      <div className={css.form}>
        <TextArea
          label={t('text')}
          rows={8}
          maxLength={40_000}
          data-autofocus
          value={text}
          onChange={(e) => setText(e.target.value)}
        />
        {item.files.map(({ id, name }) => (
          <Checkbox
            key={id}
            label={name}
            checked={id !== undefined && files.includes(id)}
            onChange={(e) =>
              setFiles(e.target.checked ? [...files, id ?? ''] : files.filter((each) => each !== id))
            }
          />
        ))}
        <ProblemBanner problem={save.problem} />
      </div>
    </Modal>
  )
}
