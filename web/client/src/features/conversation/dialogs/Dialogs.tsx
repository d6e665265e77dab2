import { MarkdownSlotsProvider } from '../../../lib/markdown'
import { ListContextProvider, type ListContextValue } from '../context'
import { slots } from '../message/slots'
import { MoveDialog } from '../topics'
import type { PageState } from '../useActions'
import { BuzzDialog } from './BuzzDialog'
import { DeleteDialog } from './DeleteDialog'
import { ForwardDialog } from './ForwardDialog'
import { HistoryDialog } from './HistoryDialog'
import { MergedDialog } from './MergedDialog'
import { QuoteDialog } from './QuoteDialog'

/** The dialogs about messages. */
export function Dialogs({ state, context }: { state: PageState; context: ListContextValue }) {
  const { asking } = state
  const close = () => state.setAsking(null)
  switch (asking?.kind) {
    case 'forward':
      return (
        <ForwardDialog
          messages={asking.messages}
          mode={asking.mode}
          onDone={asking.done ?? (() => undefined)}
          onClose={close}
        />
      )
    case 'delete':
      return <DeleteDialog message={asking.message} onClose={close} />
    case 'buzz':
      return <BuzzDialog message={asking.message} conversation={context.conversation} onClose={close} />
    case 'topic':
      return <MoveDialog messages={[asking.message]} onClose={close} />
    case 'quote':
      return (
        <ListContextProvider value={context}>
          <QuoteDialog message={asking.message} onClose={close} />
        </ListContextProvider>
      )
    case 'history':
      return <HistoryDialog message={asking.message} style={context.style} onClose={close} />
    case 'merged': {
      const { stack } = asking
      return (
        <ListContextProvider value={context}>
          <MarkdownSlotsProvider value={slots}>
            <MergedDialog
              key={stack.length}
              part={stack.at(-1)!}
              nested={stack.length > 1}
              onBack={() => state.setAsking({ kind: 'merged', stack: stack.slice(0, -1) })}
              onClose={close}
            />
          </MarkdownSlotsProvider>
        </ListContextProvider>
      )
    }
    default:
      return null
  }
}
