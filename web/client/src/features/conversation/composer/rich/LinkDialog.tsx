import { getMarkRange, type Editor } from '@tiptap/core'
import { Button, Modal, TextField } from '@weft/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { SAFE_HREF } from './schema'

/** Asks for a link's words and address; begins with the link or the words at the caret. */
export function LinkDialog({ editor, onClose }: { editor: Editor; onClose: () => void }) {
  const { t } = useTranslation('conversation')
  const [at] = useState(() => linkAt(editor))
  const [text, setText] = useState(at.text)
  const [href, setHref] = useState(at.href)
  const [bad, setBad] = useState(false)
  const close = () => {
    onClose()
    editor.view.focus()
  }
  const replace = (address: string | null) => {
    const { state, view } = editor
    const type = state.schema.marks['link']!
    const tr = state.tr.removeMark(at.from, at.to, type)
    const words = text.trim() || address || ''
    if (words !== at.text) tr.replaceWith(at.from, at.to, state.schema.text(words))
    const to = words !== at.text ? at.from + words.length : at.to
    if (address) tr.addMark(at.from, to, type.create({ href: address }))
    view.dispatch(tr.removeStoredMark(type))
    close()
  }
  const apply = () => {
    const address = href.trim()
    const whole = /^[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?$/.test(address) ? `https://${address}` : address
    if (SAFE_HREF.test(whole)) replace(whole)
    else setBad(true)
  }
  return (
    <Modal
      title={t('format.link')}
      size="s"
      onClose={close}
      onSubmit={apply}
      footer={
        <>
          {at.href && <Button onClick={() => replace(null)}>{t('linkRemove')}</Button>}
          <Button onClick={close}>{t('cancel')}</Button>
          <Button variant="primary" type="submit">
            {t('linkApply')}
          </Button>
        </>
      }
    >
      <TextField label={t('linkText')} value={text} onChange={(e) => setText(e.target.value)} />
      <TextField
        label={t('linkAddress')}
        type="text"
        inputMode="url"
        value={href}
        placeholder="https://"
        error={bad ? t('linkBad') : undefined}
        data-autofocus
        onChange={(e) => {
          setHref(e.target.value)
          setBad(false)
        }}
      />
    </Modal>
  )
}

function linkAt({ state }: Editor): { from: number; to: number; text: string; href: string } {
  const { $from, from, to } = state.selection
  const type = state.schema.marks['link']!
  const range = getMarkRange($from, type) ?? { from, to }
  const text = state.doc.textBetween(range.from, range.to, ' ')
  const mark = state.doc.nodeAt(range.from)?.marks.find((m) => m.type === type)
  const bare = /^https?:\/\/\S+$/.test(text) ? text : ''
  return { ...range, text, href: mark ? String(mark.attrs['href']) : bare }
}
