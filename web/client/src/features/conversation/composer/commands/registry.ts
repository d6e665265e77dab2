import type { Weft } from '@weft/sdk'
import type { ReactNode } from 'react'

import type { TimeStyle } from '../../../../lib/time'
import type { Shown } from '../../context'
import type { Attachments } from '../../attachments/useAttachments'

/** Where a command was typed, and what it may do there. */
export interface CommandContext {
  weft: Weft
  conversation: Shown
  /** The root of the thread, where it was typed in one. */
  thread: string | undefined
  attachments: Attachments
  style: TimeStyle
  /** Sends a message in the place of the command, with what the composer holds besides: quote, files. */
  send(text: string): void
  /** Shows a dialog over the composer until it calls `close`. */
  open(dialog: (close: () => void) => ReactNode): void
  /** Says in a few words what was done. */
  say(words: string, undo?: () => void): void
}

/**
 * What became of a command: `done` empties the composer, which a `sent` message does by itself; a `problem` is shown
 * over the text, which stays to be mended.
 */
export type Outcome = 'done' | 'sent' | { problem: string }

/** The work of a command. `args` is what follows its name, as the wire has it: mentions are ids. */
export type Run = (args: string, cx: CommandContext) => Outcome | Promise<Outcome>

/** One command of the composer. */
export interface Command {
  /** Without the slash: lower case Latin letters. */
  name: string
  /** Other names, such as Chinese ones. */
  aliases?: readonly string[]
  /** The namespace of its words `NAME.args` and `NAME.help`; they are added where the command is registered. */
  words: string
  /** Where it makes sense. */
  fits?: (conversation: Shown, weft: Weft) => boolean
  /** Loaded when it is first used. */
  load: () => Promise<{ run: Run }>
}

const commands = new Map<string, Command>()

/** Adds a command; another of its name is replaced. */
export function register(command: Command): void {
  commands.set(command.name, command)
}

/** Those that make sense in a conversation, by name. */
export function commandsFor(conversation: Shown, weft: Weft): Command[] {
  return [...commands.values()]
    .filter((command) => command.fits?.(conversation, weft) ?? true)
    .sort((a, b) => a.name.localeCompare(b.name))
}

/** The command of a name or other name, wherever it makes sense. */
export function commandNamed(name: string): Command | undefined {
  const wanted = name.toLowerCase()
  for (const command of commands.values()) {
    if (command.name === wanted || command.aliases?.includes(wanted)) return command
  }
  return undefined
}
