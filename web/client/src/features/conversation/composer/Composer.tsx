import { draftKey, type Message } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { Button, IconButton, Modal } from '@weft/ui'
import { X } from 'lucide-react'
import { Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { usePerson } from '../../../shared/hooks'
import { useIntent } from '../../../shared/intents'
import { AttachButton } from '../attachments/AttachButton'
import { StickerButton } from '../stickers/StickerButton'
import { useAttachments } from '../attachments/useAttachments'
import type { Shown } from '../context'
import { AttachmentRow, AwayNotes } from '../parts'
import { QuotedText } from '../../../shared/QuotedText'
import { quotableText } from '../../../shared/messageText'
import { toastProblem } from '../../../shared/problem'
import { instantOf, type When } from '../../../shared/when/when'
import { AckChip, AckOption, TopicChip, TopicOption, VanishChip } from '../parts'
import { askedBy, type AckWish } from './ackWish'
import css from './composer.module.css'
import { Editor, type EditorHandle } from './Editor'
import { ScheduledBar } from './ScheduledBar'
import { SendButton, type SendHandle } from './SendButton'
import { LIMIT } from './surface'
import { Typing } from './Typing'
import { useDraft } from './useDraft'
import { unescaped, useCommands } from './useCommands'
import { useSchedule } from './useSchedule'
import { useComposerText } from './useComposerText'

export interface ComposerProps {
  conversation: Shown
  thread?: string
  /** What is written here is about this. */
  topic?: { id?: string; name: string }
  quote: Message | null
  onQuoteEnd: () => void
  /** ↑ in an empty composer: edit the last own message. */
  onEditLast: () => void
  /** Text to put in, such as a recalled message's; a new object is a new wish. */
  insert: { text: string } | null
  onSent?: () => void
}

/** The server asks before it calls more people than this to one message. */
const ASK_FROM = 50
const ALL = /<@all>/

/** Writes a message: draft kept on every device, quote above the text, nothing lost on leaving. */
export function Composer({
  conversation,
  thread,
  topic,
  quote,
  onQuoteEnd,
  onEditLast,
  insert,
  onSent,
}: ComposerProps) {
  const { t } = useTranslation('conversation')
  const weft = useWeft()
  const value = useComposerText(weft.draft(conversation.id, thread))
  const editor = useRef<EditorHandle>(null)
  const button = useRef<SendHandle>(null)
  const schedule = useSchedule()
  const [asking, setAsking] = useState<{ text: string; when: When | undefined } | null>(null)
  const [wish, setWish] = useState<AckWish | null>(null)
  const [nobody, setNobody] = useState(false)
  const [picked, setPicked] = useState<{ id?: string; name: string } | null>(null)
  const about = thread ? null : (topic ?? picked)
  const { org } = useObservable(weft.meView)
  // A message keeps how long it was to last when it was written, whenever it leaves.
  const lasts = org.vanishing?.allowed === false ? 0 : (conversation.vanish_after ?? 0)
  const vanish = conversation.kind === 'direct' ? lasts : undefined
  const writing = useCallback(() => editor.current?.focused() ?? false, [])
  const draft = useDraft(value, conversation, thread, writing)
  const attachments = useAttachments(conversation.id, thread)
  const attached = attachments.items.length > 0
  const desktop = matchMedia('(hover: hover)').matches

  useIntent('focus-composer', () => {
    if (!thread) editor.current?.focus()
  })
  useEffect(() => {
    if (quote) editor.current?.focus()
  }, [quote])
  const { load, wire } = value
  useEffect(() => {
    if (!insert) return
    const now = wire()
    load(now ? `${now}\n${insert.text}` : insert.text)
    editor.current?.focus()
  }, [insert, load, wire])

  const ask = (next: AckWish | null) => {
    setWish(next)
    setNobody(false)
  }
  const post = useCallback(
    (text: string, confirmed: boolean, when?: When) => {
      const lane = draftKey(conversation.id, thread)
      const none = weft.uploads.inLane(lane).get().length === 0
      if ((!text && none) || text.length > LIMIT) return
      if (!confirmed && ALL.test(text) && conversation.member_count > ASK_FROM)
        return setAsking({ text, when })
      const ack = askedBy(vanish ? null : wish, text, when ? instantOf(when) : Date.now() * 1000)
      if (wish && !vanish && !ack) return setNobody(true)
      const done = () => {
        ask(null)
        load('')
        draft.clear()
        onQuoteEnd()
      }
      if (when) {
        const what = { conversation: conversation.id, thread, text, confirmAll: confirmed }
        const more = {
          ...(quote ? { quote: quote.id } : {}),
          ...(ack ? { ack } : {}),
          ...(about ? { topic: about.id ?? about.name } : {}),
          vanish,
        }
        schedule(when, { ...what, ...more }).then((taken) => taken && done(), toastProblem)
        return
      }
      weft.send(conversation.id, {
        text,
        ...(thread ? { thread } : {}),
        ...(quote ? { quote: quote.id } : {}),
        ...(none ? {} : { files: weft.uploads.take(lane) }),
        ...(confirmed ? { confirmAll: true } : {}),
        ...(ack ? { ack } : {}),
        ...(about ? { topic: { name: about.name, ...(about.id && { id: about.id }) } } : {}),
        vanish,
      })
      done()
      onSent?.()
    },
    [schedule, load, weft, conversation, thread, quote, wish, about, vanish, draft, onQuoteEnd, onSent],
  )
  const commands = useCommands({
    conversation,
    thread,
    attachments,
    send: (text) => post(text, false),
    done() {
      load('')
      draft.clear()
    },
  })
  const send = () => {
    const text = wire().trim()
    if (!commands.take(text)) post(unescaped(text), false)
  }
  const label = thread ? t('replyPlaceholder') : t('messagePlaceholder', { name: conversation.title })
  const blank = value.text.trim() === '' && !attached
  return (
    <div
      className={css.composer}
      onPasteCapture={(event) => {
        const { files, types } = event.clipboardData
        // Office programs put a picture of a copied text beside it: there, the text is meant.
        if (!files.length || types.includes('text/html')) return
        event.preventDefault()
        event.stopPropagation()
        attachments.add(files)
      }}
    >
      <ScheduledBar conversation={conversation.id} thread={thread} />
      <Suspense fallback={null}>
        <AwayNotes conversation={conversation.id} thread={thread} />
      </Suspense>
      <Editor
        ref={editor}
        value={value}
        label={label}
        memberCount={conversation.member_count}
        autoFocus={desktop}
        commands={commands.list}
        onSubmit={send}
        onLater={() => button.current?.later()}
        onUp={onEditLast}
        onTyping={() => {
          commands.forget()
          weft.typing(conversation.id, thread)
        }}
        onBlur={draft.flush}
        {...(quote ? { onEscape: onQuoteEnd } : {})}
        above={
          <>
            {commands.hint}
            {!!vanish && (
              <Suspense fallback={null}>
                <VanishChip after={vanish} />
              </Suspense>
            )}
            {quote && <QuotePreview message={quote} onClose={onQuoteEnd} />}
            {about && (
              <Suspense fallback={null}>
                <TopicChip topic={about} onEnd={topic ? undefined : () => setPicked(null)} />
              </Suspense>
            )}
            {wish && !vanish && (
              <Suspense fallback={null}>
                <AckChip wish={wish} missing={nobody} onEnd={() => ask(null)} />
              </Suspense>
            )}
            {attached && (
              <Suspense fallback={null}>
                <AttachmentRow attachments={attachments} />
              </Suspense>
            )}
          </>
        }
        actions={
          <>
            {conversation.member_count > 1 && !vanish && (
              <Suspense fallback={<span className={css.slot} />}>
                <AckOption conversation={conversation} wish={wish} onChange={ask} />
              </Suspense>
            )}
            {!thread && !topic && conversation.kind !== 'direct' && (
              <Suspense fallback={<span className={css.slot} />}>
                <TopicOption conversation={conversation.id} topic={picked} onChange={setPicked} />
              </Suspense>
            )}
            <StickerButton lane={{ conversation: conversation.id, thread }} />
            <AttachButton attachments={attachments} lane={{ conversation: conversation.id, thread }} />
            <SendButton
              ref={button}
              disabled={blank || value.text.length > LIMIT}
              onSend={send}
              onLater={(when) => post(unescaped(wire().trim()), false, when)}
            />
          </>
        }
      />
      <Typing conversation={conversation.id} thread={thread} />
      {commands.dialog && <Suspense fallback={null}>{commands.dialog}</Suspense>}
      {asking !== null && (
        <Modal
          title={t('confirmAll', { count: conversation.member_count })}
          size="s"
          onClose={() => setAsking(null)}
          onSubmit={() => {
            setAsking(null)
            post(asking.text, true, asking.when)
          }}
          footer={
            <>
              <Button onClick={() => setAsking(null)}>{t('cancel')}</Button>
              <Button variant="primary" type="submit" data-autofocus>
                {t('send')}
              </Button>
            </>
          }
        >
          {t('confirmAllDetail', { name: conversation.title })}
        </Modal>
      )}
    </div>
  )
}

function QuotePreview({ message, onClose }: { message: Message; onClose: () => void }) {
  const { t } = useTranslation('conversation')
  const who = usePerson(message.from)
  return (
    <div className={css.quote}>
      <span>
        <b>{who?.name}</b> <QuotedText text={quotableText(message)} />
      </span>
      <IconButton size="s" label={t('cancelQuote')} icon={<X size={14} />} onClick={onClose} />
    </div>
  )
}
