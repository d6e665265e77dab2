import { useWeft } from '@weft/sdk/react'
import { useRef, useState, type ReactNode } from 'react'

import { toastProblem } from '../../../shared/problem'
import { useTimeStyle } from '../../../shared/timeStyle'
import type { Typing } from './commands/execute'
import type { Choice } from './useCompletion'

/** The commands that a query after the slash offers; null: no slash was typed. */
export type CommandList = (query: string | null) => Choice[]

type Loaded = typeof import('./commands')

const NONE: Choice[] = []
const SLASH = /^[/／]/
let loaded: Loaded | undefined

const load = async (): Promise<Loaded> => (loaded ??= await import('./commands'))

/** Slash commands of a composer; what they are comes with the first slash. */
export function useCommands(typing: Omit<Typing, 'weft' | 'style' | 'show' | 'open' | 'pass'>) {
  const weft = useWeft()
  const style = useTimeStyle()
  const [hint, show] = useState<ReactNode>(null)
  const [dialog, open] = useState<ReactNode>(null)
  const [, arrived] = useState(loaded)
  /** A text that was asked about, and is sent as it stands when it is sent again. */
  const passed = useRef('')

  const list: CommandList = (query) => {
    if (query === null) return NONE
    if (loaded) return loaded.choices(query, typing.conversation, weft)
    // Without a network there is no menu.
    void load().then(arrived, () => undefined)
    return NONE
  }
  /** Carries a text out where it may be a command; false where it is to be sent. */
  const take = (text: string): boolean => {
    if (!SLASH.test(text) || SLASH.test(text.slice(1)) || passed.current === text) return false
    const pass = (asked: string) => (passed.current = asked)
    load().then((part) => part.execute(text, { ...typing, weft, style, show, open, pass }), toastProblem)
    return true
  }
  return { list, take, hint, dialog, forget: () => show(null) }
}

/** The text that is meant by one that begins with two slashes: with one. */
export const unescaped = (text: string): string =>
  SLASH.test(text) && SLASH.test(text.slice(1)) ? text.slice(1) : text
