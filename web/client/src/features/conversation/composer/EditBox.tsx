import type { Message } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { Button } from '@weft/ui'
import { useTranslation } from 'react-i18next'

import { toastProblem } from '../../../shared/problem'
import { useList } from '../context'
import { messageText } from '../../../shared/messageText'
import css from './composer.module.css'
import { Editor } from './Editor'
import { LIMIT } from './surface'
import { useComposerText } from './useComposerText'

/** Edits an own message in its place; an empty text deletes nothing, it cannot be saved. */
export function EditBox({ message }: { message: Message }) {
  const { t } = useTranslation('conversation')
  const weft = useWeft()
  const { actions, conversation } = useList()
  const before = messageText(message)
  const value = useComposerText(before)
  const blank = value.text.trim() === ''
  const save = () => {
    const text = value.wire().trim()
    if (!text || text.length > LIMIT) return
    actions.stopEditing()
    if (text !== before) Promise.resolve(weft.edit(message, text)).catch(toastProblem)
  }
  return (
    <div className={css.editBox}>
      <Editor
        value={value}
        label={t('editPlaceholder')}
        memberCount={conversation.member_count}
        autoFocus
        onSubmit={save}
        onEscape={actions.stopEditing}
        actions={
          <>
            <Button size="s" variant="ghost" onClick={actions.stopEditing}>
              {t('cancel')}
            </Button>
            <Button size="s" variant="primary" disabled={blank || value.text.length > LIMIT} onClick={save}>
              {t('save')}
            </Button>
          </>
        }
      />
    </div>
  )
}
