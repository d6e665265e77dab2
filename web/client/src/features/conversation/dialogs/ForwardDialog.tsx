import type { ConversationView, Message } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { Button, Checkbox, Modal, TextArea, TextField, toast } from '@weft/ui'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useAction } from '../../../shared/hooks'
import { ProblemBanner } from '../../../shared/problem'
import { QuotedText } from '../../../shared/QuotedText'
import { Kind } from '../Header'
import { quotableText } from '../../../shared/messageText'
import css from './dialogs.module.css'

const MAX = 10
const SHOWN = 40

/** Copies a message into up to ten other conversations, with words of one's own. */
export function ForwardDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const { t } = useTranslation('conversation')
  const weft = useWeft()
  const [query, setQuery] = useState('')
  const [to, setTo] = useState<string[]>([])
  const [text, setText] = useState('')
  const found = useTargets(query)
  const send = useAction(async () => {
    await weft.forward(message, to, text.trim() || undefined)
    toast({ text: t('forwarded', { count: to.length }) })
    onClose()
  })
  const flip = (id: string) => setTo((now) => (now.includes(id) ? now.filter((i) => i !== id) : [...now, id]))
  return (
    <Modal
      title={t('forwardTitle')}
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
          <QuotedText text={quotableText(message)} />
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

/** Conversations one may write in, the most recent first; found by title or by a person's pinyin. */
function useTargets(query: string): readonly ConversationView[] {
  const weft = useWeft()
  const all = useObservable(weft.conversations)
  return useMemo(() => {
    const q = query.trim().toLowerCase()
    const people = q ? new Set(weft.people.search(q, 50).map((p) => p.id)) : null
    const fits = (c: ConversationView) =>
      !people ||
      c.title.toLowerCase().includes(q) ||
      (c.kind === 'direct' && c.peers.some((id) => people.has(id)))
    return all
      .filter((c) => !c.archived && fits(c))
      .sort((a, b) => b.last_at - a.last_at)
      .slice(0, SHOWN)
  }, [all, query, weft])
}
