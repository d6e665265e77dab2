import { Button, IconButton, TextArea } from '@weft/ui'
import { Pencil } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useAction } from '../../../shared/hooks'
import { problemText } from '../../../shared/problem'
import css from './panels.module.css'

interface Props {
  label: string
  value: string
  editable: boolean
  max: number
  hint?: string
  required?: boolean
  onSave: (value: string) => Promise<unknown>
}

/** A text of the conversation that is edited where it stands. */
export function EditableText({ label, value, editable, max, hint, required, onSave }: Props) {
  const { t } = useTranslation('conversation')
  const [text, setText] = useState<string | null>(null)
  const save = useAction(async (next: string) => {
    if (next !== value) await onSave(next)
    setText(null)
  })
  if (text === null) {
    return (
      <div className={css.fact}>
        <h3>{label}</h3>
        <p className={value ? undefined : css.unset}>{value || hint || '—'}</p>
        {editable && (
          <IconButton
            size="s"
            side="left"
            label={t('editField', { field: label })}
            icon={<Pencil size={14} />}
            onClick={() => setText(value)}
          />
        )}
      </div>
    )
  }
  const clean = text.replace(/\s*\n\s*/g, ' ').trim()
  return (
    <form
      className={css.factForm}
      onSubmit={(e) => {
        e.preventDefault()
        if (!required || clean) void save.run(clean)
      }}
      onKeyDown={(e) => {
        if (e.key !== 'Escape' || e.nativeEvent.isComposing) return
        e.stopPropagation()
        e.preventDefault()
        setText(null)
      }}
    >
      <TextArea
        label={label}
        autoFocus
        rows={2}
        maxLength={max}
        value={text}
        hint={hint}
        error={save.problem ? problemText(t, save.problem) : undefined}
        onChange={(e) => setText(e.target.value)}
      />
      <div className={css.factButtons}>
        <Button size="s" onClick={() => setText(null)}>
          {t('cancel')}
        </Button>
        <Button
          size="s"
          variant="primary"
          type="submit"
          busy={save.busy}
          disabled={Boolean(required) && !clean}
        >
          {t('save')}
        </Button>
      </div>
    </form>
  )
}
