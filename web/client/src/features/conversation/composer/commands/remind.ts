import { laterOf } from '@weft/sdk'

import { formatMoment } from '../../../../shared/when/format'
import { instantOf } from '../../../../shared/when/when'
import { readRemind } from './readRemind'
import type { Run } from './registry'
import { wordsOf } from './words'

export const run: Run = async (args, { weft, style, say }) => {
  const now = Date.now() * 1000
  const asked = readRemind(args, { now, zone: style.zone })
  if (!asked) return { problem: wordsOf('remind.unclear') }
  const { whom, what, when } = asked
  const { routes } = laterOf(weft)
  const done = (key: string) => say(wordsOf(key, { when: formatMoment(instantOf(when), now, style) }))
  if (!whom || ('person' in whom && whom.person === weft.me)) {
    await routes.note(what, when)
    done('remind.me')
    return 'done'
  }
  const conversation =
    'conversation' in whom
      ? whom.conversation
      : (await weft.api.conversations.create({ kind: 'direct', members: [whom.person] })).id
  await routes.schedule(conversation, when, { nonce: crypto.randomUUID(), text: what })
  done('remind.others')
  return 'done'
}
