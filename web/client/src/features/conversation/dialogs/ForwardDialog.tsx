import type { ForwardMode, Message } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { Button, Checkbox, Modal, TextArea, TextField, toast } from '@weft/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useAction } from '../../../shared/hooks'
import { ProblemBanner } from '../../../shared/problem'
import { QuotedText } from '../../../shared/QuotedText'
import { Kind } from '../Header'
import { quotableText } from '../../../shared/messageText'
import css from './dialogs.module.css'
import { useTargets } from './targets'

const MAX = 10
const PREVIEWED = 3

interface Props {
  messages: readonly Message[]
  mode: ForwardMode
  onDone: () => void
  onClose: () => void
}

/** Copies messages into up to ten other conversations, with words of one's own. */
export function ForwardDialog({ messages, mode, onDone, onClose }: Props) {
  const { t } = useTranslation('conversation')
  const weft = useWeft()
  const [query, setQuery] = useState('')
  const [to, setTo] = useState<string[]>([])
  const [text, setText] = useState('')
  const found = useTargets(query)
  const send = useAction(async () => {
    await weft.forward(messages, to, mode, text.trim() || undefined)
    toast({ text: t('forwarded', { count: to.length }) })
    onDone()
    onClose()
  })
  const title =
    mode === 'merged'
      ? t('forwardMergedTitle', { count: messages.length })
      : t('forwardTitle', { count: messages.length })
  const flip = (id: string) => setTo((now) => (now.includes(id) ? now.filter((i) => i !== id) : [...now, id]))
  return (
    <Modal
      title={title}
      onClose={onClose}
      onSubmit={() => to.length > 0 && void send.run()}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button variant="primary" type="submit" busy={send.busy} disabled={to.length === 0}>
            {to.length > 1 ? t('forwardTo', { count: to.length }) : t('forward')}
          </Button>
        </>
      }
    >
      <div className={css.form}>
        <TextField
          label={t('forwardWhere')}
          type="search"
          placeholder={t('forwardSearch')}
          value={query}
          onChange={(e) => setQuery(e.target.value)}
        />
        <ul className={css.targets}>
          {found.map((c) => (
            <li key={c.id}>
              <Checkbox
                checked={to.includes(c.id)}
                disabled={!to.includes(c.id) && to.length >= MAX}
                onChange={() => flip(c.id)}
                label={
                  <span className={css.target}>
                    <Kind conversation={c} size={20} />
                    {c.title}
                  </span>
                }
              />
            </li>
          ))}
          {found.length === 0 && <li className={css.none}>{t('forwardNone')}</li>}
        </ul>
        <blockquote className={css.preview}>
          {messages.slice(0, PREVIEWED).map((message) => (
            <p key={message.id}>
              <QuotedText text={quotableText(message)} />
            </p>
          ))}
          {messages.length > PREVIEWED && <p>{t('mergedCount', { count: messages.length })}</p>}
        </blockquote>
        <TextArea
          label={t('forwardText')}
          rows={2}
          maxLength={4000}
          value={text}
          onChange={(e) => setText(e.target.value)}
        />
        <ProblemBanner problem={send.problem} />
      </div>
    </Modal>
  )
}
