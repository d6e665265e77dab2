import type { FileRef } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useSaveData } from '../preferences'
import { FileCard } from './FileCard'
import css from './files.module.css'
import { fit, isPicture, pictureSize, TILE, type Box } from './layout'
import './messages'
import { Sound, Voice } from './players'

const Viewer = lazy(() => import('./Viewer'))
const CodeFile = lazy(() => import('./CodeFile'))

/** Longer texts are shown when they are asked for. */
const INLINE_CODE = 20_000

/** The files of a message: pictures as a grid, films and sound with players, the rest as cards. */
export default function FilesPart({ files }: { files: readonly FileRef[] }) {
  const pictures = files.filter(isPicture)
  const [at, setAt] = useState<number | null>(null)
  return (
    <div className={css.files}>
      {pictures.length > 0 && (
        <div className={css.grid}>
          {pictures.map((file, i) => (
            <Picture
              key={file.id ?? i}
              file={file}
              box={pictures.length === 1 ? fit(file) : { width: TILE, height: TILE }}
              onOpen={() => setAt(i)}
            />
          ))}
        </div>
      )}
      {files
        .filter((file) => !isPicture(file))
        .map((file, i) => (
          <Other key={file.id ?? i} file={file} />
        ))}
      {at !== null && (
        <Suspense fallback={null}>
          <Viewer files={pictures.filter((file) => file.id)} start={at} onClose={() => setAt(null)} />
        </Suspense>
      )}
    </div>
  )
}

function Other({ file }: { file: FileRef }) {
  if (!file.id) return <FileCard file={file} />
  switch (file.kind) {
    case 'video':
      return <Film file={file} />
    case 'voice':
      return <Voice file={file} />
    case 'audio':
      return <Sound file={file} />
    case 'code':
      return (file.size ?? 0) <= INLINE_CODE ? (
        <Suspense fallback={<FileCard file={file} />}>
          <CodeFile file={file} />
        </Suspense>
      ) : (
        <FileCard file={file} />
      )
    default:
      return <FileCard file={file} />
  }
}

/** Address of a picture: from the server in the size that is shown, from this page while it is uploaded. */
export function usePicture(file: FileRef, side: number): string | undefined {
  const weft = useWeft()
  const key = (file as { key?: string }).key
  const blob = !file.id && key ? weft.uploads.blob(key) : undefined
  const local = useMemo(() => (blob ? URL.createObjectURL(blob) : undefined), [blob])
  useEffect(() => () => void (local && URL.revokeObjectURL(local)), [local])
  const thin = useSaveData()
  return file.id ? weft.api.files.thumbUrl(file.id, pictureSize(side, devicePixelRatio, thin)) : local
}

function Picture({ file, box, onOpen }: { file: FileRef; box: Box; onOpen: () => void }) {
  const { t } = useTranslation('files')
  const src = usePicture(file, Math.max(box.width, box.height))
  return (
    <button
      type="button"
      className={css.picture}
      style={{ width: box.width, aspectRatio: `${box.width} / ${box.height}`, background: file.color }}
      aria-label={t('open', { name: file.name })}
      disabled={!file.id}
      onClick={onOpen}
    >
      {src && <img src={src} alt="" loading="lazy" decoding="async" draggable={false} />}
      {file.mime === 'image/gif' && <span className={css.mark}>GIF</span>}
    </button>
  )
}

function Film({ file }: { file: FileRef }) {
  const { t } = useTranslation('files')
  const weft = useWeft()
  const [failed, setFailed] = useState(false)
  const box = fit(file)
  const poster = usePicture(file, Math.max(box.width, box.height))
  if (failed) return <FileCard file={file} note={t('cannotPlay')} />
  return (
    <video
      className={css.film}
      style={{ width: box.width, aspectRatio: `${box.width} / ${box.height}`, background: file.color }}
      controls
      preload="none"
      playsInline
      aria-label={file.name}
      src={weft.api.files.url(file.id ?? '')}
      {...(file.thumb && poster ? { poster } : {})}
      onError={() => setFailed(true)}
    />
  )
}
