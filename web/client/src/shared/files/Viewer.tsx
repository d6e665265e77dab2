import type { FileRef } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { IconButton } from '@weft/ui'
import { ChevronLeft, ChevronRight, Download, X, ZoomIn, ZoomOut } from 'lucide-react'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import css from './viewer.module.css'
import { readable } from './layout'

const MAX_ZOOM = 8
const STEP = 1.5

interface View {
  zoom: number
  x: number
  y: number
}
const WHOLE: View = { zoom: 1, x: 0, y: 0 }

interface Props {
  files: readonly FileRef[]
  start: number
  onClose: () => void
}

/** Pictures over the whole window: arrows, zoom, drag, save. The original comes when one looks closer. */
export default function Viewer({ files, start, onClose }: Props) {
  const { t } = useTranslation('files')
  const weft = useWeft()
  const dialog = useRef<HTMLDialogElement>(null)
  const [at, setAt] = useState(Math.min(start, files.length - 1))
  const [view, setView] = useState(WHOLE)
  const [originals, setOriginals] = useState<ReadonlySet<string>>(new Set())
  const file = files[at]
  const id = file?.id ?? ''
  const large = (file?.width ?? 0) > 1920 || (file?.height ?? 0) > 1920
  const moving = file?.mime === 'image/gif' || file?.mime === 'image/webp'
  const original = originals.has(id) || view.zoom > 1 || moving || !large
  useLayoutEffect(() => {
    const el = dialog.current
    if (el && !el.open) el.showModal()
  }, [])
  useEffect(() => setView(WHOLE), [at])
  if (!file) return null

  const go = (by: number) => setAt((now) => Math.max(0, Math.min(files.length - 1, now + by)))
  const zoom = (by: number) =>
    setView((now) => {
      const next = Math.max(1, Math.min(MAX_ZOOM, now.zoom * by))
      return next === 1 ? WHOLE : { zoom: next, x: (now.x * next) / now.zoom, y: (now.y * next) / now.zoom }
    })
  const onKey = (event: React.KeyboardEvent) => {
    if (event.key === 'ArrowLeft') go(-1)
    else if (event.key === 'ArrowRight') go(1)
    else if (event.key === '+' || event.key === '=') zoom(STEP)
    else if (event.key === '-') zoom(1 / STEP)
    else if (event.key === '0') setView(WHOLE)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const drag = (event: React.PointerEvent<HTMLElement>) => {
    if (view.zoom === 1 || event.button !== 0) return
    const from = { x: event.clientX - view.x, y: event.clientY - view.y }
    const el = event.currentTarget
    el.setPointerCapture(event.pointerId)
    const move = (e: PointerEvent) =>
      setView((now) => ({ ...now, x: e.clientX - from.x, y: e.clientY - from.y }))
    el.addEventListener('pointermove', move)
    el.addEventListener('lostpointercapture', () => el.removeEventListener('pointermove', move), {
      once: true,
    })
  }
  return (
    <dialog
      ref={dialog}
      className={css.viewer}
      aria-label={file.name}
      onKeyDown={onKey}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <header className={css.bar}>
        <b className={css.name}>{file.name}</b>
        {files.length > 1 && (
          <span aria-live="polite" data-tabular>
            {t('position', { at: at + 1, count: files.length })}
          </span>
        )}
        <span className={css.gap} />
        {!original && (
          <button
            type="button"
            className={css.original}
            onClick={() => setOriginals(new Set([...originals, id]))}
          >
            {t('original', { size: readable(file.size) })}
          </button>
        )}
        <IconButton
          label={t('zoomOut')}
          keys="-"
          icon={<ZoomOut size={18} />}
          onClick={() => zoom(1 / STEP)}
          disabled={view.zoom === 1}
        />
        <IconButton
          label={t('zoomIn')}
          keys="+"
          icon={<ZoomIn size={18} />}
          onClick={() => zoom(STEP)}
          disabled={view.zoom >= MAX_ZOOM}
        />
        <a
          className={css.act}
          href={weft.api.files.url(id, true)}
          download={file.name}
          aria-label={t('downloadNamed', { name: file.name })}
        >
          <Download size={18} aria-hidden />
        </a>
        <IconButton
          label={t('close', { ns: 'common' })}
          keys="Esc"
          icon={<X size={18} />}
          onClick={onClose}
          autoFocus
        />
      </header>
      <div
        className={css.stage}
        onClick={(event) => event.target === event.currentTarget && onClose()}
        onWheel={(event) => zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15)}
        onDoubleClick={() => (view.zoom > 1 ? setView(WHOLE) : zoom(2))}
      >
        <img
          key={id}
          src={original ? weft.api.files.url(id) : weft.api.files.thumbUrl(id, 1920)}
          alt={file.name}
          draggable={false}
          data-zoomed={view.zoom > 1}
          style={{
            aspectRatio: file.width && file.height ? `${file.width} / ${file.height}` : undefined,
            background: file.color,
            transform: `translate(${view.x}px, ${view.y}px) scale(${view.zoom})`,
          }}
          onPointerDown={drag}
        />
      </div>
      {at > 0 && (
        <button
          type="button"
          className={css.turn}
          data-side="left"
          aria-label={t('previous')}
          onClick={() => go(-1)}
        >
          <ChevronLeft size={28} aria-hidden />
        </button>
      )}
      {at < files.length - 1 && (
        <button
          type="button"
          className={css.turn}
          data-side="right"
          aria-label={t('next')}
          onClick={() => go(1)}
        >
          <ChevronRight size={28} aria-hidden />
        </button>
      )}
    </dialog>
  )
}
