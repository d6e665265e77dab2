import SnippetDialog from '../../attachments/SnippetDialog'
import '../../../../shared/files/messages'
import type { Run } from './registry'

export const run: Run = (_, { open, attachments }) => {
  open((close) => <SnippetDialog onDone={attachments.put} onClose={close} />)
  return 'done'
}
