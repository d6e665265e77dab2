import type { FileKind, FileRef } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import {
  Download,
  File,
  FileArchive,
  FileCode,
  FileImage,
  FileMusic,
  FileText,
  FileVideoCamera,
} from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'

import css from './files.module.css'
import { extension, readable } from './layout'
import './messages'

const Preview = lazy(() => import('./Preview'))

const ICONS: Record<FileKind, typeof File> = {
  image: FileImage,
  video: FileVideoCamera,
  audio: FileMusic,
  voice: FileMusic,
  pdf: FileText,
  text: FileText,
  code: FileCode,
  office: FileText,
  archive: FileArchive,
  other: File,
}
const PREVIEWED: readonly FileKind[] = ['pdf', 'text', 'code', 'office']

export function KindIcon({ kind, size = 20 }: { kind: FileKind | undefined; size?: number }) {
  const Icon = ICONS[kind ?? 'other'] ?? File
  return <Icon size={size} aria-hidden />
}

/** A file as a card: what it is, a preview where there is one, a way to save it. */
export function FileCard({ file, note }: { file: FileRef; note?: string }) {
  const { t } = useTranslation('files')
  const weft = useWeft()
  const [open, setOpen] = useState(false)
  const detail = [extension(file.name), readable(file.size)].filter(Boolean).join(' · ') || t('file')
  const kept = file.id !== undefined
  const href = file.id ? weft.api.files.url(file.id, true) : safe(file.url)
  const words = (
    <>
      <KindIcon kind={file.kind} />
      <span className={css.name}>
        {file.name}
        <small>{note ?? (href || 'key' in file ? detail : t('notKept'))}</small>
      </span>
    </>
  )
  const away = kept ? { download: file.name } : { target: '_blank', rel: 'noopener noreferrer nofollow' }
  return (
    <span className={css.card}>
      {kept && file.kind && PREVIEWED.includes(file.kind) ? (
        <button
          type="button"
          className={css.cardMain}
          aria-label={t('open', { name: file.name })}
          onClick={() => setOpen(true)}
        >
          {words}
        </button>
      ) : href ? (
        <a className={css.cardMain} href={href} {...away}>
          {words}
        </a>
      ) : (
        <span className={css.cardMain}>{words}</span>
      )}
      {kept && href && (
        <a
          className={css.save}
          href={href}
          download={file.name}
          aria-label={t('downloadNamed', { name: file.name })}
        >
          <Download size={16} aria-hidden />
        </a>
      )}
      {open && (
        <Suspense fallback={null}>
          <Preview file={file} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </span>
  )
}

/** An imported address, if it is one to follow. */
function safe(url: string | null): string | undefined {
  return url && /^(https?:\/\/|\/(?!\/))/i.test(url) ? url : undefined
}
