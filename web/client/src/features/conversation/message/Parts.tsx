import type { FileRef, ForwardPart, Part, QuotePart } from '@weft/sdk'
import { FileText, Forward } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { Markdown } from '../../../lib/markdown'
import { formatWhen } from '../../../lib/time'
import { usePerson } from '../../../shared/hooks'
import { useList } from '../context'
import { QuotedText } from '../../../shared/QuotedText'
import { MergedCard } from './MergedCard'
import css from './parts.module.css'

/** One part of a message; one of a later version gets a neutral line. */
export function PartView({ part, tail }: { part: Part; tail?: ReactNode }) {
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
      return <Files files={(part as { files?: FileRef[] }).files ?? []} />
    default:
      return <p className={css.unknown}>{t('unknownPart')}</p>
  }
}

function Quote({ part }: { part: QuotePart }) {
  const { actions } = useList()
  const who = usePerson(part.from)
  return (
    <button
      type="button"
      className={css.quote}
      onClick={() => actions.openConversation(part.conversation, part.seq)}
    >
      <b>{who?.name}</b>
      <QuotedText text={part.text} />
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
      <Markdown text={part.text} />
    </div>
  )
}

function Files({ files }: { files: readonly FileRef[] }) {
  const { t } = useTranslation('conversation')
  return (
    <ul className={css.files}>
      {files.map((f, i) => {
        const detail = [extension(f.name), size(f.size)].filter(Boolean).join(' · ') || t('file')
        const body = (
          <>
            <FileText size={20} aria-hidden />
            <span className={css.fileName}>
              {f.name}
              <small>{f.url ? detail : t('fileNotKept')}</small>
            </span>
          </>
        )
        return (
          <li key={i}>
            {f.url && /^(https?:\/\/|\/)/i.test(f.url) ? (
              <a className={css.file} href={f.url} target="_blank" rel="noopener noreferrer nofollow">
                {body}
              </a>
            ) : (
              <span className={css.file}>{body}</span>
            )}
          </li>
        )
      })}
    </ul>
  )
}

function extension(name: string): string {
  const hit = /\.([A-Za-z0-9]{1,8})$/.exec(name)
  return hit ? hit[1]!.toUpperCase() : ''
}

function size(bytes: number | null): string {
  if (bytes === null) return ''
  const units = ['B', 'KB', 'MB', 'GB']
  let n = bytes
  let u = 0
  while (n >= 1000 && u < units.length - 1) {
    n /= 1000
    u++
  }
  return `${n < 10 && u > 0 ? n.toFixed(1) : Math.round(n)} ${units[u]}`
}
