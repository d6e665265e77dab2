import type { NewAttachment } from '@weft/sdk'
import { Button, Modal, SelectField, TextArea, TextField } from '@weft/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import css from './attachments.module.css'

/** Languages by the extension that a snippet's name gets. */
const LANGUAGES: readonly (readonly [string, string])[] = [
  ['txt', ''],
  ['sh', 'Bash'],
  ['c', 'C'],
  ['cpp', 'C++'],
  ['cs', 'C#'],
  ['css', 'CSS'],
  ['go', 'Go'],
  ['html', 'HTML'],
  ['java', 'Java'],
  ['js', 'JavaScript'],
  ['json', 'JSON'],
  ['kt', 'Kotlin'],
  ['md', 'Markdown'],
  ['php', 'PHP'],
  ['py', 'Python'],
  ['rb', 'Ruby'],
  ['rs', 'Rust'],
  ['sql', 'SQL'],
  ['swift', 'Swift'],
  ['ts', 'TypeScript'],
  ['yaml', 'YAML'],
]

interface Props {
  onDone: (snippet: NewAttachment) => void
  onClose: () => void
}

/** Writes a short program as a file of its own, with a name and colours. */
export default function SnippetDialog({ onDone, onClose }: Props) {
  const { t } = useTranslation('files')
  const [name, setName] = useState('')
  const [language, setLanguage] = useState('txt')
  const [code, setCode] = useState('')
  const submit = () => {
    if (!code.trim()) return
    const stem = name.trim() || 'snippet'
    const full = /\.[A-Za-z0-9]{1,8}$/.test(stem) ? stem : `${stem}.${language}`
    onDone({ blob: new Blob([code.endsWith('\n') ? code : `${code}\n`], { type: 'text/plain' }), name: full })
    onClose()
  }
  return (
    <Modal
      title={t('snippetTitle')}
      size="l"
      onClose={onClose}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel', { ns: 'common' })}</Button>
          <Button variant="primary" type="submit" disabled={!code.trim()}>
            {t('add')}
          </Button>
        </>
      }
    >
      <div className={css.snippet}>
        <TextField
          label={t('snippetName')}
          value={name}
          maxLength={120}
          onChange={(e) => setName(e.target.value)}
        />
        <SelectField
          label={t('snippetLanguage')}
          value={language}
          onChange={(e) => setLanguage(e.target.value)}
        >
          {LANGUAGES.map(([end, words]) => (
            <option key={end} value={end}>
              {words || t('snippetPlain')}
            </option>
          ))}
        </SelectField>
        <TextArea
          label={t('snippetCode')}
          className={css.codeField}
          rows={14}
          spellCheck={false}
          value={code}
          onChange={(e) => setCode(e.target.value)}
        />
      </div>
    </Modal>
  )
}
