import DndDialog from '../../../../shared/attention/DndDialog'
import { when } from '../../../../shared/time'
import { findWhen } from '../../../../shared/when/parse'
import { instantOf } from '../../../../shared/when/when'
import { wordsOf } from './words'
import type { Run } from './registry'

const OFF = /^(?:off|end|stop|resume|关|关闭|结束|恢复|取消)$/i
const FOR = /^(?:for)\s+(?=[\d a-z]+$)/i
const UNTIL = /^(?:until|till|直到|到|至)\s*/i

/** Until when `/dnd` pauses, in microseconds; null: it names no time. */
export function readPause(args: string, now: number, zone: string | undefined): number | null {
  // “for 2 hours” is “in 2 hours” from now.
  const words = args.replace(FOR, 'in ').replace(UNTIL, '')
  const found = findWhen(words, { now, zone })
  return found && !found.rest.trim() ? instantOf(found.when) : null
}

export const run: Run = async (args, { weft, style, say, open }) => {
  const me = weft.person(weft.me).get() ?? weft.meView.get().principal
  const schedule = me.dnd?.schedule ?? null
  if (OFF.test(args)) {
    await weft.api.me.update({ dnd: schedule && { until: null, schedule } })
    say(wordsOf('dnd.off'))
    return 'done'
  }
  if (!args) {
    open((close) => <DndDialog onClose={close} />)
    return 'done'
  }
  const until = readPause(args, Date.now() * 1000, style.zone)
  if (until === null) return { problem: wordsOf('dnd.unclear') }
  await weft.api.me.update({ dnd: { until, schedule } })
  say(wordsOf('dnd.on', { when: when(until) }))
  return 'done'
}
