/** A command as it was typed. */
export interface Typed {
  name: string
  args: string
}

const COMMAND = /^[/／]([\p{L}][\p{L}\p{N}_-]{0,31})(?:\s+([\s\S]*))?$/u

/** Whether a text may be a command; a path such as `/usr/bin` and a text that begins with `//` are none. */
export function parseCommand(text: string): Typed | null {
  const hit = COMMAND.exec(text)
  return hit ? { name: hit[1]!.toLowerCase(), args: (hit[2] ?? '').trim() } : null
}
