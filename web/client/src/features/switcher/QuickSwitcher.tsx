import { UnreadBadge } from '@weft/ui'
import { Search } from 'lucide-react'
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useIntent } from '../../shared/intents'
import css from './switcher.module.css'
import { useResults } from './useResults'

/** Ctrl/⌘ K: people, conversations and actions from memory in one frame; the server is asked for the rest. */
export function QuickSwitcher() {
  const [open, setOpen] = useState<{ query: string } | null>(null)
  useIntent('switcher', ({ query }) => setOpen((now) => (now ? null : { query: query ?? '' })))
  return open ? <Panel query={open.query} onClose={() => setOpen(null)} /> : null
}

function Panel({ query: first, onClose }: { query: string; onClose: () => void }) {
  const { t } = useTranslation('switcher')
  const [query, setQuery] = useState(first)
  const [active, setActive] = useState(0)
  const dialog = useRef<HTMLDialogElement>(null)
  const list = useRef<HTMLUListElement>(null)
  const id = useId()
  const results = useResults(query, true)
  const at = Math.min(active, results.length - 1)

  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null
    const el = dialog.current
    if (el && !el.open) el.showModal()
    return () => {
      el?.close()
      if (before?.isConnected) before.focus({ preventScroll: true })
    }
  }, [])
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [at])

  const run = (index: number) => {
    const result = results[index]
    if (!result) return
    onClose()
    // After the dialog gave the focus back, so that what opens keeps it.
    queueMicrotask(result.run)
  }
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (move && results.length > 0) {
      event.preventDefault()
      setActive((at + move + results.length) % results.length)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      run(at)
    } else if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      event.stopPropagation()
      onClose()
    }
  }
  return (
    <dialog
      ref={dialog}
      className={css.dialog}
      aria-label={t('title')}
      onCancel={(e) => {
        e.preventDefault()
        onClose()
      }}
      onPointerDown={(e) => e.target === dialog.current && onClose()}
    >
      <div className={css.panel} onKeyDown={onKeyDown}>
        <div className={css.field}>
          <Search size={18} aria-hidden />
          <input
            role="combobox"
            aria-expanded
            aria-controls={id}
            aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
            aria-label={t('title')}
            placeholder={t('placeholder')}
            autoComplete="off"
            spellCheck={false}
            autoFocus
            value={query}
            onChange={(e) => {
              setQuery(e.target.value)
              setActive(0)
            }}
          />
        </div>
        <ul ref={list} id={id} role="listbox" aria-label={t('title')} className={css.list}>
          {results.map((r, i) => (
            <li key={`${r.section}-${r.key}`} role="presentation">
              {r.section !== results[i - 1]?.section && (
                <h3 className={css.section} role="presentation">
                  {t(`section.${r.section}`)}
                </h3>
              )}
              <div
                id={`${id}-${i}`}
                role="option"
                aria-selected={i === at}
                className={css.item}
                onPointerMove={() => setActive(i)}
                onClick={() => run(i)}
              >
                <span className={css.icon}>{r.icon}</span>
                <span className={css.label}>{r.label}</span>
                <span className={css.detail}>{r.detail}</span>
                <UnreadBadge count={r.unread} mention={r.mention} />
              </div>
            </li>
          ))}
          {results.length === 0 && <li className={css.none}>{t('none')}</li>}
        </ul>
      </div>
    </dialog>
  )
}
