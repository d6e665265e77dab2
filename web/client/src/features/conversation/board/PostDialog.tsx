import { laterOf, type Message, Problem } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { Button, Modal, Switch, TextField, toast } from '@weft/ui'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import '../../../shared/acks/words'
import { useAction } from '../../../shared/hooks'
import { messageText } from '../../../shared/messageText'
import { ProblemBanner } from '../../../shared/problem'
import { Deadline } from '../composer/AckOption'
import { askedBy, limits, type AckWish } from '../composer/ackWish'
import { Editor } from '../composer/Editor'
import { LIMIT } from '../composer/surface'
import { useComposerText } from '../composer/useComposerText'
import type { Shown } from '../context'
import css from './board.module.css'
import { joinDraft, postOf, splitDraft } from './post'
import './words'

const SAVE_AFTER_MS = 600
const EVERYBODY: AckWish = { who: 'everybody', within: 'never' }

interface Props {
  conversation: Shown
  /** What is changed; null for a new one. */
  post: Message | null
  onClose: () => void
}

/** Writes an announcement, or changes one's own. What is begun is kept as the conversation's draft. */
export default function PostDialog({ conversation, post, onClose }: Props) {
  const { t } = useTranslation('announcements')
  const weft = useWeft()
  const [begun] = useState(() =>
    post
      ? { title: postOf(post)?.title ?? '', text: messageText(post) }
      : splitDraft(weft.draft(conversation.id)),
  )
  const [title, setTitle] = useState(begun.title)
  const value = useComposerText(begun.text)
  const possible = conversation.comments !== false
  const [comments, setComments] = useState(post ? (postOf(post)?.comments ?? false) : possible)
  const [wish, setWish] = useState<AckWish | null>(null)
  const [at, setAt] = useState('')
  const [badTime, setBadTime] = useState(false)
  const { text, wire } = value
  const done = useRef(false)

  useEffect(() => {
    if (post) return
    const timer = setTimeout(
      () => done.current || weft.setDraft(conversation.id, joinDraft(title, text)),
      SAVE_AFTER_MS,
    )
    return () => clearTimeout(timer)
  }, [weft, conversation.id, post, title, text])

  // The same announcement again is the same message, when an answer was lost.
  const nonce = useRef<{ key: string; nonce: string } | null>(null)
  const publish = useAction(async (body: string) => {
    const head = { title: title.trim(), comments: comments && possible }
    if (post) {
      await weft.api.messages.editPost(post.id, { text: body, ...head })
      return onClose()
    }
    const ack = askedBy(wish, body, Date.now() * 1000)
    const what = { text: body, post: head, ...(ack ? { ack } : {}) }
    const key = JSON.stringify([title, body, comments, wish, at])
    if (nonce.current?.key !== key) nonce.current = { key, nonce: `post.${crypto.randomUUID()}` }
    const request = { nonce: nonce.current.nonce, confirm_all: true, ...what }
    if (at) {
      const micros = Date.parse(at) * 1000
      await laterOf(weft).routes.schedule(conversation.id, { at: micros }, request)
      toast({ text: t('scheduled') })
    } else await weft.api.messages.send(conversation.id, request)
    done.current = true
    weft.setDraft(conversation.id, '')
    onClose()
  })
  const fits = title.trim() !== '' && text.trim() !== '' && text.length <= LIMIT
  const submit = () => {
    if (!fits) return
    if (at && !(Date.parse(at) > Date.now())) return setBadTime(true)
    void publish.run(wire().trim())
  }
  const close = () => {
    if (!post && !done.current) weft.setDraft(conversation.id, joinDraft(title, wire()))
    onClose()
  }
  return (
    <Modal
      title={t(post ? 'edit' : 'new')}
      size="l"
      onClose={close}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={close}>{t('cancel')}</Button>
          <Button variant="primary" type="submit" busy={publish.busy} disabled={!fits}>
            {t(post ? 'save' : at ? 'schedule' : 'publish')}
          </Button>
        </>
      }
    >
      <div className={css.form}>
        <ProblemBanner problem={publish.problem && Problem.of(publish.problem)} />
        <TextField
          label={t('title')}
          placeholder={t('titleHint')}
          value={title}
          maxLength={200}
          data-autofocus
          onChange={(e) => setTitle(e.target.value)}
        />
        <div className={css.body}>
          <Editor
            value={value}
            label={t('body')}
            memberCount={conversation.member_count}
            onSubmit={submit}
            actions={null}
          />
        </div>
        <Switch
          label={t('mayComment')}
          {...(possible ? {} : { hint: t('spaceClosed') })}
          checked={comments && possible}
          disabled={!possible}
          onChange={setComments}
        />
        {!post && (
          <>
            <Switch
              label={t('confirm')}
              hint={t('confirmHint')}
              checked={wish !== null}
              onChange={(on) => setWish(on ? EVERYBODY : null)}
            />
            {wish && <Deadline wish={wish} onChange={setWish} />}
            <TextField
              type="datetime-local"
              label={t('when')}
              {...limits(new Date())}
              value={at}
              error={badTime ? t('badTime') : undefined}
              onChange={(e) => {
                setAt(e.target.value)
                setBadTime(false)
              }}
            />
          </>
        )}
      </div>
    </Modal>
  )
}
