import { useMemo } from 'react'
import type { ConversationView } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { toastProblem } from '../../shared/problem'
import { CHANNELS, dropInto, FAVOURITES, PEOPLE, readPrefs, type SidebarPrefs } from './model'

const KEY = 'sidebar'

/** The arrangement and everything that changes it. */
export function useSidebarPrefs() {
  const weft = useWeft()
  const raw = useObservable(weft.settings)[KEY]
  const prefs = useMemo(() => readPrefs(raw), [raw])
  return useMemo(() => {
    const set = (change: Partial<SidebarPrefs>) =>
      void weft.setSetting(KEY, { ...readPrefs(weft.settings.get()[KEY]), ...change }).catch(toastProblem)
    return {
      prefs,
      toggleFold: (id: string) =>
        set({
          folded: prefs.folded.includes(id) ? prefs.folded.filter((f) => f !== id) : [...prefs.folded, id],
        }),
      setSort: (sort: SidebarPrefs['sort']) => set({ sort }),
      setUnreadOnly: (unreadOnly: boolean) => set({ unreadOnly }),
      addSection: (name: string): string => {
        const id = `sec_${crypto.randomUUID()}`
        set({ sections: [...prefs.sections, { id, name }] })
        return id
      },
      renameSection: (id: string, name: string) =>
        set({ sections: prefs.sections.map((s) => (s.id === id ? { ...s, name } : s)) }),
      /** Its conversations go back under channels and people. */
      removeSection: (id: string) => {
        const { [id]: _, ...order } = prefs.order
        set({ sections: prefs.sections.filter((s) => s.id !== id), order })
      },
      restoreSections: (sections: SidebarPrefs['sections'], order: SidebarPrefs['order']) =>
        set({ sections, order }),
      shiftSection: (id: string, step: 1 | -1) => {
        const sections = [...prefs.sections]
        const at = sections.findIndex((s) => s.id === id)
        const [section] = sections.splice(at, 1)
        if (section) sections.splice(Math.max(0, at + step), 0, section)
        set({ sections })
      },
      /** Puts a conversation into a section, before another or at the end; `shown` are the ids there now. */
      move: (
        view: ConversationView,
        section: string,
        shown?: readonly string[],
        before: string | null = null,
      ) => {
        const own = section !== FAVOURITES && section !== CHANNELS && section !== PEOPLE
        const favourite = section === FAVOURITES
        const target = own ? section : null
        // As a favourite it keeps its section to come back to.
        const change = favourite ? { favourite } : { favourite, section: target }
        void weft.setMembership(view.id, change).catch(toastProblem)
        if (shown) set({ order: { ...prefs.order, [section]: dropInto(shown, view.id, before) } })
      },
      /** Forgets dragged places, so that `sort` rules again. */
      resetOrder: (section: string) => {
        const { [section]: _, ...order } = prefs.order
        set({ order })
      },
    }
  }, [weft, prefs])
}

export type SidebarActions = ReturnType<typeof useSidebarPrefs>
