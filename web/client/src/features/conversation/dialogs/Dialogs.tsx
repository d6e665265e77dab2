import type { TimeStyle } from '../../../lib/time'
import type { PageState } from '../useActions'
import { DeleteDialog } from './DeleteDialog'
import { ForwardDialog } from './ForwardDialog'
import { HistoryDialog } from './HistoryDialog'

/** The dialogs about one message. */
export function Dialogs({ state, style }: { state: PageState; style: TimeStyle }) {
  const { asking } = state
  const close = () => state.setAsking(null)
  switch (asking?.kind) {
    case 'forward':
      return <ForwardDialog message={asking.message} onClose={close} />
    case 'delete':
      return <DeleteDialog message={asking.message} onClose={close} />
    case 'history':
      return <HistoryDialog message={asking.message} style={style} onClose={close} />
    default:
      return null
  }
}
