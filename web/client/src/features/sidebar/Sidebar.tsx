import { Suspense, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useVirtualizer } from '@tanstack/react-virtual'
import type { ConversationView } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { locale } from '../../i18n'
import { usePhone } from '../../shared/hooks'
import { emitIntent } from '../../shared/intents'
import { usePreviews } from '../../shared/preferences'
import { toastProblem } from '../../shared/problem'
import { useSidebarPrefs } from './actions'
import type { MenuAt } from './ConversationMenu'
import { ConversationRow } from './ConversationRow'
import { useDrag } from './drag'
import { buildRows, isTall, neighbour, PEOPLE, type Row } from './model'
import { SectionRow } from './SectionRow'
import { SidebarHead } from './SidebarHead'
import { ConversationMenu, SectionDialog, SnoozeDialog } from './parts'
import s from './sidebar.module.css'

export interface SidebarProps {
  /** The conversation in sight, if any. */
  active: string | null
  onOpen: (conversation: string) => void
  onBrowse: () => void
  admin: boolean
  onInvite: () => void
  onSettings: () => void
  /** What stands before and after the org's name where there is no rail. */
  before?: ReactNode
  after?: ReactNode
  /** More ways in the head, drawn as the others are. */
  links?: (classes: {
    link: string | undefined
    here: string | undefined
    news: string | undefined
  }) => ReactNode
}

const DESKTOP = { line: 30, tall: 54, first: 36, section: 44 }

const keyOf = (row: Row) => (row.type === 'section' ? row.id : `${row.section}/${row.view.id}`)

/** The list of conversations in sections. */
export function Sidebar(props: SidebarProps) {
  const { active, onOpen } = props
  const { t } = useTranslation('sidebar')
  const weft = useWeft()
  const phone = usePhone()
  const conversations = useObservable(weft.conversations)
  const actions = useSidebarPrefs()
  const language = locale()
  const rows = useMemo(
    () => buildRows(conversations, actions.prefs, active, new Intl.Collator(language, { numeric: true })),
    [conversations, actions.prefs, active, language],
  )
  const [menu, setMenu] = useState<MenuAt | null>(null)
  const [naming, setNaming] = useState<string | null>(null)
  const [snoozing, setSnoozing] = useState<ConversationView | null>(null)
  // People come last: with nobody in it, the section says how to begin.
  const end = rows.at(-1)
  const alone = end?.type === 'section' && end.id === PEOPLE && !end.folded && end.count === 0
  const drag = useDrag(rows, actions)
  const scroller = useRef<HTMLElement>(null)
  const [previews] = usePreviews()
  const heights = phone ? { line: 48, tall: 68, first: 48, section: 52 } : DESKTOP
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => {
      const row = rows[index]
      if (row?.type !== 'conversation') return index === 0 ? heights.first : heights.section
      return isTall(row.view, previews) ? heights.tall : heights.line
    },
    getItemKey: (index) => keyOf(rows[index] as Row),
    overscan: 12,
    paddingEnd: 24,
  })
  // Heights go by kind, so that only an order of other kinds moves anything.
  useEffect(() => virtual.measure(), [virtual, phone, previews])

  useEffect(() => {
    const at = active ? rows.findIndex((row) => row.type === 'conversation' && row.view.id === active) : -1
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' })
    // Only when another conversation is opened; new messages must not move the list.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [active])

  useNeighbourKeys(rows, active, onOpen)
  const done = (view: ConversationView) =>
    void import('./putAway').then((part) => part.putAway(weft, view), toastProblem)
  const onKeyDown = useRowKeys(virtual, (index) => {
    const row = rows[index]
    if (row?.type === 'conversation') done(row.view)
  })

  return (
    <div className={s.sidebar}>
      <SidebarHead {...props} actions={actions} />
      <nav ref={scroller} className={s.scroll} aria-label={t('conversations')} onKeyDown={onKeyDown}>
        <div className={s.canvas} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index]
            if (!row) return null
            return (
              <div
                key={item.key}
                data-index={item.index}
                className={s.slot}
                style={{ height: item.size, transform: `translateY(${item.start}px)` }}
                {...drag.target(row)}
              >
                {row.type === 'section' ? (
                  <SectionRow
                    row={row}
                    actions={actions}
                    onBrowse={props.onBrowse}
                    over={drag.over === keyOf(row)}
                  />
                ) : (
                  <ConversationRow
                    view={row.view}
                    previews={previews}
                    active={row.view.id === active}
                    dropBefore={drag.over === keyOf(row)}
                    onMenu={setMenu}
                    onOpen={onOpen}
                    source={drag.source}
                    onDone={phone ? done : undefined}
                  />
                )}
              </div>
            )
          })}
        </div>
        {alone && (
          <button type="button" className={s.hint} onClick={() => void emitIntent('new-message', {})}>
            {t('writeSomeone')}
          </button>
        )}
      </nav>
      {menu && (
        <Suspense fallback={null}>
          <ConversationMenu
            menu={menu}
            rows={rows}
            actions={actions}
            onClose={() => setMenu(null)}
            onNewSection={() => setNaming(menu.view.id)}
            onSnooze={() => setSnoozing(menu.view)}
          />
        </Suspense>
      )}
      {snoozing && (
        <Suspense fallback={null}>
          <SnoozeDialog view={snoozing} onClose={() => setSnoozing(null)} />
        </Suspense>
      )}
      {naming && (
        <Suspense fallback={null}>
          <SectionDialog
            onClose={() => setNaming(null)}
            onSave={(name) => {
              const section = actions.addSection(name)
              weft.setMembership(naming, { section, favourite: false }).catch(toastProblem)
            }}
          />
        </Suspense>
      )}
    </div>
  )
}

/** Alt ↑/↓: the conversation above or below; with Shift the next one with something unread. */
function useNeighbourKeys(rows: readonly Row[], active: string | null, onOpen: (id: string) => void) {
  const latest = useRef({ rows, active, onOpen })
  useEffect(() => {
    latest.current = { rows, active, onOpen }
  })
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey) return
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
      event.preventDefault()
      const now = latest.current
      const next = neighbour(now.rows, now.active, event.key === 'ArrowDown' ? 1 : -1, event.shiftKey)
      if (next) now.onOpen(next)
    }
    window.addEventListener('keydown', key)
    return () => window.removeEventListener('keydown', key)
  }, [])
}

/** ↑/↓, Home and End move the focus over the rows, fetching those outside the window first; E puts one away. */
function useRowKeys(
  virtual: ReturnType<typeof useVirtualizer<HTMLElement, Element>>,
  done: (index: number) => void,
) {
  const latest = useRef(done)
  useEffect(() => {
    latest.current = done
  })
  return useCallback(
    (event: React.KeyboardEvent<HTMLElement>) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return
      const slot = (event.target as Element).closest<HTMLElement>('[data-index]')
      if (!slot) return
      const last = virtual.options.count - 1
      const at = Number(slot.dataset.index)
      if (event.key.toLowerCase() === 'e' && !event.shiftKey) {
        event.preventDefault()
        latest.current(at)
        return
      }
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last }[event.key]
      if (to === undefined || to < 0 || to > last) return
      event.preventDefault()
      const list = event.currentTarget
      virtual.scrollToIndex(to, { align: 'auto' })
      const focus = () => list.querySelector<HTMLElement>(`[data-index="${to}"] :is(a, button)`)?.focus()
      if (list.querySelector(`[data-index="${to}"]`)) focus()
      else requestAnimationFrame(() => requestAnimationFrame(focus))
    },
    [virtual],
  )
}
