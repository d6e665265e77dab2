import type { FileRef } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { Modal, SkeletonRows } from '@weft/ui'
import { Download } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'

import { CodeBlock } from '../../lib/markdown/CodeBlock'
import { ProblemBanner } from '../problem'
import css from './files.module.css'
import { extension } from './layout'
import { useText } from './useText'

const Pdf = lazy(() => import('./Pdf'))
const Office = lazy(() => import('./Office'))

/** What the server shows of a text, in bytes. */
const SHOWN = 256 << 10

/** A look into a file without opening it elsewhere. */
export default function Preview({ file, onClose }: { file: FileRef; onClose: () => void }) {
  const { t } = useTranslation('files')
  const weft = useWeft()
  const href = weft.api.files.url(file.id ?? '', true)
  return (
    <Modal
      title={file.name}
      size="l"
      onClose={onClose}
      footer={
        <a className={css.download} href={href} download={file.name} data-autofocus>
          <Download size={16} aria-hidden /> {t('download')}
        </a>
      }
    >
      <div className={css.preview}>
        <Suspense fallback={<SkeletonRows rows={6} face={false} />}>
          <Content file={file} />
        </Suspense>
      </div>
    </Modal>
  )
}

function Content({ file }: { file: FileRef }) {
  const weft = useWeft()
  if (file.kind === 'pdf') return <Pdf src={weft.api.files.url(file.id ?? '')} />
  return file.kind === 'office' ? <Office file={file} /> : <Text file={file} />
}

function Text({ file }: { file: FileRef }) {
  const { t } = useTranslation('files')
  const { text, problem } = useText(file)
  if (problem) return <ProblemBanner problem={problem} />
  if (text === null) return <SkeletonRows rows={6} face={false} />
  return (
    <>
      {file.kind === 'code' ? (
        <CodeBlock lang={extension(file.name).toLowerCase()} code={text} />
      ) : (
        <pre className={css.text} tabIndex={0}>
          {text}
        </pre>
      )}
      {(file.size ?? 0) > SHOWN && <p className={css.hint}>{t('cut')}</p>}
    </>
  )
}
