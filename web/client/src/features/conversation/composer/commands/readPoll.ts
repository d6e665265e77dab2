/** What a poll begins with. */
export interface Asked {
  question: string
  options: string[]
}

const QUOTED = /["“”「『]([^"“”「」『』]+)["“”」』]/g
const QUESTION_END = /[?？](?=\s|\S)/
const BETWEEN = /[,，、;；|]/

const parts = (texts: readonly string[]) => texts.map((text) => text.trim()).filter((text) => text !== '')

/**
 * What `/poll` asks: `"Question" "A" "B"`, or a line each, or `Question? A, B, C`. What is missing is filled into
 * the form by hand.
 */
export function readPoll(args: string): Asked {
  const quoted = parts([...args.matchAll(QUOTED)].map((match) => match[1]!))
  if (quoted.length > 1) return asked(quoted)
  const lines = parts(args.split(/\r?\n/))
  if (lines.length > 1) return asked(lines)
  const line = lines[0] ?? ''
  const end = QUESTION_END.exec(line)
  if (!end) return { question: quoted[0] ?? line, options: [] }
  return { question: line.slice(0, end.index + 1), options: parts(line.slice(end.index + 1).split(BETWEEN)) }
}

const asked = ([question = '', ...options]: readonly string[]): Asked => ({ question, options })
