import { Check, Copy } from 'lucide-react'
import { memo, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { cachedHighlight, loadHighlight, type CodeSpan } from './code'
import css from './markdown.module.css'

const NUMBERED_FROM = 10

/** A code block: language, copy button, line numbers when long, colours once the highlighter is loaded. */
export const CodeBlock = memo(function CodeBlock({ lang, code }: { lang: string; code: string }) {
  const text = code.replace(/\n$/, '')
  const coloured = useHighlight(lang, text)
  const lines: readonly (readonly CodeSpan[])[] = coloured ?? text.split('\n').map((v) => [{ v, k: '' }])
  const numbered = lines.length >= NUMBERED_FROM
  return (
    <div className={css.codeBlock}>
      <div className={css.codeHead}>
        <span>{lang}</span>
        <CopyButton text={text} />
      </div>
      <pre className={css.pre} tabIndex={0}>
        <code className={numbered ? css.numbered : undefined}>
          {lines.map((line, i) => (
            <span key={i} className={css.line}>
              {line.map((span, j) =>
                span.k ? (
                  <span key={j} data-k={span.k.split('.')[0]}>
                    {span.v}
                  </span>
                ) : (
                  span.v
                ),
              )}
              {i < lines.length - 1 ? '\n' : ''}
            </span>
          ))}
        </code>
      </pre>
    </div>
  )
})

function useHighlight(lang: string, code: string): CodeSpan[][] | null {
  const [, wake] = useState(0)
  const known = cachedHighlight(lang, code)
  useEffect(() => {
    if (known !== undefined) return
    let alive = true
    loadHighlight(lang, code).then(
      () => alive && wake((n) => n + 1),
      () => undefined,
    )
    return () => {
      alive = false
    }
  }, [lang, code, known])
  return known ?? null
}

function CopyButton({ text }: { text: string }) {
  const { t } = useTranslation('conversation')
  const [done, setDone] = useState(false)
  useEffect(() => {
    if (!done) return
    const timer = setTimeout(() => setDone(false), 1500)
    return () => clearTimeout(timer)
  }, [done])
  const copy = () => void navigator.clipboard.writeText(text).then(() => setDone(true))
  return (
    <button type="button" className={css.copy} onClick={copy} aria-label={t('copyCode')}>
      {done ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
      <span>{done ? t('copied') : t('copy')}</span>
    </button>
  )
}
