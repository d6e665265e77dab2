import type { Message } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { Button, Modal } from '@weft/ui'
import { useTranslation } from 'react-i18next'

import { useAction } from '../../../shared/hooks'
import { ProblemBanner } from '../../../shared/problem'
import { QuotedText } from '../../../shared/QuotedText'
import { quotableText } from '../../../shared/messageText'
import css from './dialogs.module.css'

/** Deletes a message for everybody, after naming what will be lost. */
export function DeleteDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const { t } = useTranslation('conversation')
  const weft = useWeft()
  const remove = useAction(async () => {
    await weft.remove(message)
    onClose()
  })
  return (
    <Modal
      title={t('deleteTitle')}
      size="s"
      onClose={onClose}
      onSubmit={() => void remove.run()}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button variant="danger" type="submit" busy={remove.busy} data-autofocus>
            {t('delete')}
          </Button>
        </>
      }
    >
      <p>{t('deleteDetail')}</p>
      <blockquote className={css.preview}>
        <QuotedText text={quotableText(message)} />
      </blockquote>
      <ProblemBanner problem={remove.problem} />
    </Modal>
  )
}
