import PollDialog from '../../polls/PollDialog'
import { readPoll } from './readPoll'
import type { Run } from './registry'

/** Shows what was read in the form first: a poll that was sent cannot be mended. */
export const run: Run = (args, { conversation, thread, open }) => {
  const lane = { conversation: conversation.id, thread }
  open((close) => <PollDialog lane={lane} asked={readPoll(args)} onClose={close} />)
  return 'done'
}
