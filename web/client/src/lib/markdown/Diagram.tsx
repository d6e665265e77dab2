import { IconButton, Modal } from '@weft/ui'
import { FileCode2, Maximize2, Workflow } from 'lucide-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'

import { isDark, onThemeChange } from '../../shared/theme'
import { CodeBlock } from './CodeBlock'
import { drawDiagram, knownDrawing, type Drawing } from './diagrams'
import type { DiagramProps } from './drawn'
import css from './markdown.module.css'

/** A Mermaid diagram as a picture, with its source a press away; what cannot be drawn is shown as its source. */
export default function Diagram({ code }: DiagramProps) {
  const { t } = useTranslation('conversation')
  const drawing = useDrawing(code)
  const [asSource, setAsSource] = useState(false)
  const [large, setLarge] = useState(false)
  if (!drawing) return <div className={css.drawing} role="status" aria-label={t('diagramDrawing')} />
  if (drawing instanceof Error) {
    return (
      <>
        <CodeBlock lang="mermaid" code={code} />
        <p className={css.undrawn} title={drawing.message}>
          {t('diagramFailed')}
        </p>
      </>
    )
  }
  return (
    <div className={css.diagram}>
      <div className={css.diagramTools}>
        <IconButton
          size="s"
          label={t(asSource ? 'diagramShow' : 'diagramSource')}
          icon={asSource ? <Workflow size={14} /> : <FileCode2 size={14} />}
          onClick={() => setAsSource(!asSource)}
        />
        <IconButton
          size="s"
          label={t('diagramLarge')}
          icon={<Maximize2 size={14} />}
          onClick={() => setLarge(true)}
        />
      </div>
      {asSource ? (
        <CodeBlock lang="mermaid" code={code} />
      ) : (
        <button
          type="button"
          className={css.picture}
          aria-label={t('diagramLarge')}
          onClick={() => setLarge(true)}
        >
          <Picture drawing={drawing} code={code} />
        </button>
      )}
      {large && (
        <Modal title={t('diagram')} size="l" onClose={() => setLarge(false)}>
          <div className={css.viewer} tabIndex={0}>
            <Picture drawing={drawing} code={code} />
          </div>
        </Modal>
      )}
    </div>
  )
}

/** Its words are its source: the only text of a diagram that can be read aloud. */
function Picture({ drawing, code }: { drawing: Drawing; code: string }) {
  return <img src={drawing.url} width={drawing.width} height={drawing.height} alt={code.trim()} />
}

function useDrawing(code: string): Drawing | Error | undefined {
  const dark = useSyncExternalStore(onThemeChange, isDark)
  const [, wake] = useState(0)
  const known = knownDrawing(code, dark)
  useEffect(() => {
    if (known) return
    let alive = true
    void drawDiagram(code, dark).then(() => alive && wake((n) => n + 1))
    return () => {
      alive = false
    }
  }, [code, dark, known])
  return known
}
