import type { FileRef, ForwardPart, Message, Part, QuotePart } from '@weft/sdk'
import { Forward } from 'lucide-react'
import { Suspense, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { Markdown } from '../../../lib/markdown'
import { formatWhen } from '../../../lib/time'
import { fit, isPicture, TILE } from '../../../shared/files/layout'
import { usePerson } from '../../../shared/hooks'
import { useList } from '../context'
import { FilesPart, PollCard, StickerView } from '../parts'
import { QuotedText } from '../../../shared/QuotedText'
import { MergedCard } from './MergedCard'
import css from './parts.module.css'

/** One part of a message; one of a later version gets a neutral line. */
export function PartView({ part, message, tail }: { part: Part; message?: Message; tail?: ReactNode }) {
  const { t } = useTranslation('conversation')
  switch (part.type) {
    case 'markdown':
      return <Markdown text={String(part['text'] ?? '')} tail={tail} />
    case 'quote':
      return <Quote part={part as QuotePart} />
    case 'forward':
      return <Forwarded part={part as ForwardPart} />
    case 'merged_forward':
      return <MergedCard part={part} />
    case 'files':
      return (
        <Suspense fallback={<Reserved files={part.files ?? []} />}>
          <FilesPart files={part.files ?? []} />
        </Suspense>
      )
    case 'sticker':
      return (
        <Suspense fallback={<div style={{ height: 128 }} />}>
          <StickerView part={part} />
        </Suspense>
      )
    case 'post':
      return <p className={css.postTitle}>{part.title}</p>
    case 'poll':
      return message ? (
        <Suspense fallback={<div style={{ height: 96 + part.options.length * 44 }} />}>
          <PollCard part={part} message={message} />
        </Suspense>
      ) : (
        <Markdown text={part.question} />
      )
    default:
      return <p className={css.unknown}>{t('unknownPart')}</p>
  }
}

function Quote({ part }: { part: QuotePart }) {
  const { t } = useTranslation('conversation')
  const { actions } = useList()
  const who = usePerson(part.from)
  return (
    <button
      type="button"
      className={css.quote}
      onClick={() => actions.openConversation(part.conversation, part.seq)}
    >
      <b>{who?.name}</b>
      <QuotedText text={part.vanishing ? t('vanishing') : part.text} />
    </button>
  )
}

function Forwarded({ part }: { part: ForwardPart }) {
  const { t } = useTranslation('conversation')
  const { style } = useList()
  const who = usePerson(part.from)
  return (
    <div className={css.forward}>
      <p className={css.forwardHead}>
        <Forward size={14} aria-hidden />
        {t('forwardedFrom', { name: who?.name ?? t('someone') })}
        <time>{formatWhen(part.at, Date.now() * 1000, style)}</time>
      </p>
      {part.text && <Markdown text={part.text} />}
    </div>
  )
}

/** The space that pictures will take, until the code that shows them is there: once in a visit. */
function Reserved({ files }: { files: readonly FileRef[] }) {
  const pictures = files.filter(isPicture)
  const first = pictures[0]
  const height = !first
    ? 62
    : pictures.length === 1
      ? fit(first).height
      : TILE * Math.ceil(pictures.length / 3)
  return <div style={{ height: height + 8 }} />
}
