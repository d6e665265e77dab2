import type { FileLayout, FileRef, FileText } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { EmptyState, SkeletonRows } from '@weft/ui'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { type Loaded, useLoaded } from '../hooks'
import { ProblemBanner } from '../problem'
import css from './files.module.css'

const Pdf = lazy(() => import('./Pdf'))

const VIEWS = ['layout', 'text'] as const
type View = (typeof VIEWS)[number]

/** How long until the server is asked again for what it is still making. */
const AGAIN = 1_000

/** Something that the server makes of a document: asked for again until it is there. */
function useMade<T extends { state: string }>(
  fetcher: () => Promise<T>,
  deps: readonly unknown[],
): Loaded<T> {
  const found = useLoaded(fetcher, deps)
  const { data, reload } = found
  useEffect(() => {
    if (data?.state !== 'pending') return
    const timer = setTimeout(reload, AGAIN)
    return () => clearTimeout(timer)
  }, [data, reload])
  return found
}

/** A document, sheet or presentation as it is laid out, once the server has made that, or as its text. */
export default function Office({ file }: { file: FileRef }) {
  const weft = useWeft()
  const id = file.id ?? ''
  const layout = useMade(() => weft.api.files.layout(id), [weft, id])
  const [chosen, setChosen] = useState<View | null>(null)
  if (!layout.data && !layout.problem) return <SkeletonRows rows={6} face={false} />
  if (layout.data?.state !== 'ready') return <OfficeText id={id} layout={layout.data} />
  const view = chosen ?? 'layout'
  return (
    <>
      <Switch view={view} onChoose={setChosen} />
      {view === 'text' ? (
        <OfficeText id={id} layout={layout.data} />
      ) : (
        <Suspense fallback={<SkeletonRows rows={6} face={false} />}>
          <Pdf src={weft.api.files.layoutUrl(id)} />
        </Suspense>
      )}
    </>
  )
}

function Switch({ view, onChoose }: { view: View; onChoose: (view: View) => void }) {
  const { t } = useTranslation('files')
  return (
    <div className={css.views}>
      <div role="group" aria-label={t('layout.shownAs')}>
        {VIEWS.map((each) => (
          <button key={each} type="button" aria-pressed={each === view} onClick={() => onChoose(each)}>
            {t(`layout.${each}`)}
          </button>
        ))}
      </div>
    </div>
  )
}

/** What the server has read in the document, and why that is all. */
function OfficeText({ id, layout }: { id: string; layout: FileLayout | undefined }) {
  const weft = useWeft()
  const text = useMade(() => weft.api.files.documentText(id), [weft, id])
  return (
    <>
      <Hint layout={layout} hasText={!!text.data?.text} />
      {text.problem ? (
        <ProblemBanner problem={text.problem} retry={text.reload} />
      ) : text.data ? (
        <Read found={text.data} />
      ) : (
        <SkeletonRows rows={6} face={false} />
      )}
    </>
  )
}

function Hint({ layout, hasText }: { layout: FileLayout | undefined; hasText: boolean }) {
  const { t } = useTranslation('files')
  const state = layout?.state ?? 'none'
  if (state === 'ready' || (state === 'none' && !hasText)) return null
  const words = {
    none: () => t('document.onlyText'),
    pending: () => t('layout.pending'),
    failed: () => t(`layout.${layout?.reason ?? 'unavailable'}`, { defaultValue: t('layout.unavailable') }),
  }[state]()
  return (
    <p className={css.hint} role="status">
      {words}
    </p>
  )
}

function Read({ found }: { found: FileText }) {
  const { t } = useTranslation('files')
  if (found.state === 'pending') return <EmptyState title={t('document.pending')} />
  if (!found.text) {
    const why = t(`document.${found.reason ?? 'no_text'}`, { defaultValue: '' })
    return <EmptyState title={why || t('noPreview')} />
  }
  return (
    <>
      <pre className={css.prose} tabIndex={0}>
        {found.text}
      </pre>
      {found.cut && <p className={css.hint}>{t('cut')}</p>}
    </>
  )
}
