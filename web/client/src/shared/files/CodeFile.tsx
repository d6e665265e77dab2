import type { FileRef } from '@weft/sdk'

import { CodeBlock } from '../../lib/markdown/CodeBlock'
import { FileCard } from './FileCard'
import css from './files.module.css'
import { extension } from './layout'
import { useText } from './useText'

/** A short program under its card, coloured. */
export default function CodeFile({ file }: { file: FileRef }) {
  const { text } = useText(file)
  return (
    <div className={css.code}>
      <FileCard file={file} />
      {text !== null && <CodeBlock lang={extension(file.name).toLowerCase()} code={text} />}
    </div>
  )
}
