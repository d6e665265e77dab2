import { lazy } from 'react'

const conversation = () => import('../features/conversation')

// Nearly every visit ends in a conversation: its code comes in while the server is still asked who is there.
if (location.pathname.startsWith('/o/')) void conversation().catch(() => undefined)

/** The conversation view and what it brings; loaded beside the frame. */
export const ConversationPage = lazy(conversation)
export const QuickSwitcher = lazy(() =>
  import('../features/switcher').then((part) => ({ default: part.QuickSwitcher })),
)
