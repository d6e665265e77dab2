import { EmptyState, SkeletonRows } from '@weft/ui'
import type { PDFDocumentProxy } from 'pdfjs-dist'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import css from './files.module.css'

/** Loaded when the first PDF is opened. Its worker draws; the file's own scripts are never run. */
async function open(src: string): Promise<PDFDocumentProxy> {
  const [{ getDocument, GlobalWorkerOptions }, worker] = await Promise.all([
    import('pdfjs-dist'),
    import('pdfjs-dist/build/pdf.worker.min.mjs?url'),
  ])
  GlobalWorkerOptions.workerSrc = worker.default
  return getDocument({ url: src, enableXfa: false, withCredentials: true }).promise
}

/** The pages of a PDF; each is drawn when it comes into sight. */
export default function Pdf({ src }: { src: string }) {
  const { t } = useTranslation('files')
  const [pdf, setPdf] = useState<PDFDocumentProxy | null>(null)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    let live = true
    let mine: PDFDocumentProxy | null = null
    open(src).then(
      (document) => {
        mine = document
        if (live) setPdf(document)
        else void document.loadingTask.destroy()
      },
      () => live && setFailed(true),
    )
    return () => {
      live = false
      void mine?.loadingTask.destroy()
    }
  }, [src])
  if (failed) return <EmptyState title={t('noPreview')} />
  if (!pdf) return <SkeletonRows rows={6} face={false} />
  return (
    <div className={css.pages} tabIndex={0}>
      {Array.from({ length: pdf.numPages }, (_, i) => (
        <PdfPage key={i} pdf={pdf} number={i + 1} />
      ))}
    </div>
  )
}

function PdfPage({ pdf, number }: { pdf: PDFDocumentProxy; number: number }) {
  const { t } = useTranslation('files')
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const el = canvas.current
    if (!el) return
    let live = true
    const draw = async () => {
      const page = await pdf.getPage(number)
      const scale = (el.clientWidth / page.getViewport({ scale: 1 }).width) * Math.min(2, devicePixelRatio)
      const viewport = page.getViewport({ scale })
      if (!live) return
      el.width = viewport.width
      el.height = viewport.height
      await page.render({ canvas: el, viewport }).promise
    }
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return
      seen.disconnect()
      // A page that cannot be drawn stays white.
      draw().catch(() => undefined)
    })
    seen.observe(el)
    return () => {
      live = false
      seen.disconnect()
    }
  }, [pdf, number])
  return <canvas ref={canvas} className={css.page} role="img" aria-label={t('page', { page: number })} />
}
