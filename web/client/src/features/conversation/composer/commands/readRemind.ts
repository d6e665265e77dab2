import { findWhen, readWhen, type Asked } from '../../../../shared/when/parse'
import type { When } from '../../../../shared/when/when'

/** What `/remind` asks for. */
export interface Remind {
  /** Null: whoever asks. */
  whom: { person: string } | { conversation: string } | null
  what: string
  when: When
}

const WHOM = /^(?:(me|我)(?=\s|$|[^\p{L}])|<@(usr_[0-9a-z]+)>|<#(cnv_[0-9a-z]+)>)\s*/iu
const QUOTED = /^(?:"([^"]+)"|“([^”]+)”|「([^」]+)」)\s*(.*)$/s
const LEAD = /^(?:to|that|about)\s+/i

/** Reads `[me|@person|#channel] what when`, or `when what`; a text in quotes is the what. Null: not understood. */
export function readRemind(args: string, asked: Asked): Remind | null {
  const hit = WHOM.exec(args)
  // “我明天交报告” needs no space after the pronoun.
  const lead = hit ?? /^(我)(?=今|明|后|大后|下|周|星期|[0-9一二两三四五六七八九十半])/.exec(args)
  const whom = hit?.[2] ? { person: hit[2] } : hit?.[3] ? { conversation: hit[3] } : null
  const rest = lead ? args.slice(lead[0].length).trim() : args.trim()
  const quoted = QUOTED.exec(rest)
  if (quoted) {
    const when = readWhen(quoted[4] ?? '', asked)
    return when ? { whom, what: (quoted[1] ?? quoted[2] ?? quoted[3])!.trim(), when } : null
  }
  const found = findWhen(rest, asked)
  const what = found?.rest
    .replace(LEAD, '')
    .replace(/^["“「]|["”」]$/g, '')
    .replace(/^[,，、:：\s]+|[,，、:：\s]+$/g, '')
  return found && what ? { whom, what, when: found.when } : null
}
