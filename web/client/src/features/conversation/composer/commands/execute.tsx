import { Problem, type Weft } from '@weft/sdk'
import { toast } from '@weft/ui'
import i18next from 'i18next'
import type { ReactNode } from 'react'

import type { TimeStyle } from '../../../../lib/time'
import { problemText } from '../../../../shared/problem'
import type { Attachments } from '../../attachments/useAttachments'
import type { Shown } from '../../context'
import type { Choice } from '../useCompletion'
import { Hint } from './Hint'
import { parseCommand } from './parse'
import { commandNamed, commandsFor } from './registry'
import { wordsOf } from './words'

/** A composer in which a command was typed. */
export interface Typing {
  weft: Weft
  style: TimeStyle
  conversation: Shown
  thread: string | undefined
  attachments: Attachments
  /** Sends a text in the place of the command. */
  send: (text: string) => void
  /** The command is carried out: the composer is emptied. */
  done: () => void
  /** Shows a hint over the text. */
  show: (hint: ReactNode) => void
  open: (dialog: ReactNode) => void
  /** This text is no command: sent again, it is a message. */
  pass: (text: string) => void
}

/** The lines of the menu for what follows the slash. */
export function choices(query: string, conversation: Shown, weft: Weft): Choice[] {
  const wanted = query.toLowerCase()
  return commandsFor(conversation, weft)
    .filter(({ name, aliases }) => [name, ...(aliases ?? [])].some((each) => each.startsWith(wanted)))
    .map(({ name, aliases, words }) => {
      const say = (key: string) => i18next.t(`${name}.${key}`, { ns: words })
      const local = aliases?.find((each) => wanted && each.startsWith(wanted))
      const detail = [say('args'), say('help')].filter(Boolean).join(' · ')
      return { key: name, kind: 'command', label: `/${local ?? name}`, detail }
    })
}

let running = false

/** Carries out what was typed; a text that is no command is sent. */
export async function execute(text: string, typing: Typing): Promise<void> {
  const { weft, style, conversation, thread, attachments, send, done, show, open, pass } = typing
  const hint = (words: string) => show(<Hint words={words} onClose={() => show(null)} />)
  const typed = parseCommand(text)
  if (!typed) return send(text)
  const command = commandNamed(typed.name)
  if (!command) {
    pass(text)
    return hint(wordsOf('unknown', { name: typed.name }))
  }
  if (running) return
  running = true
  try {
    const { run } = await command.load()
    const outcome = await run(typed.args, {
      weft,
      style,
      conversation,
      thread,
      attachments,
      send,
      open: (make) => open(make(() => open(null))),
      say: (words, undo) => void toast({ text: words, ...(undo ? { undo } : {}) }),
    })
    if (typeof outcome === 'object') return hint(outcome.problem)
    show(null)
    if (outcome === 'done') done()
  } catch (error) {
    hint(problemText(i18next.t, Problem.of(error)))
  } finally {
    running = false
  }
}
