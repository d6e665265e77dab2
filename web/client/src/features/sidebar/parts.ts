import { lazy } from 'react'

export const SnoozeDialog = lazy(() => import('./SnoozeDialog'))
// What opens over the list comes when it is first asked for.
export const SectionDialog = lazy(() => import('./SectionDialog').then((m) => ({ default: m.SectionDialog })))
export const ConversationMenu = lazy(() =>
  import('./ConversationMenu').then((m) => ({ default: m.ConversationMenu })),
)
export const CallLinks = lazy(() => import('./CallLinks'))
