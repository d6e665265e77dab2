import type { FileRef, FileText } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { EmptyState, SkeletonRows } from '@weft/ui'
import { useTranslation } from 'react-i18next'

import { useLoaded } from '../hooks'
import { ProblemBanner } from '../problem'
import css from './files.module.css'

/** A document, sheet or presentation as the text that the server has read in it. */
export default function OfficeText({ file }: { file: FileRef }) {
  const weft = useWeft()
  const found = useLoaded(() => weft.api.files.documentText(file.id ?? ''), [weft, file.id])
  if (found.problem) return <ProblemBanner problem={found.problem} retry={found.reload} />
  if (!found.data) return <SkeletonRows rows={6} face={false} />
  return <Read found={found.data} />
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
      <p className={css.hint}>{t('document.onlyText')}</p>
      <pre className={css.text} tabIndex={0}>
        {found.text}
      </pre>
      {found.cut && <p className={css.hint}>{t('cut')}</p>}
    </>
  )
}
