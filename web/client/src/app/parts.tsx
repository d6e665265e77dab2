import { lazy, type ComponentType } from 'react'

interface Parts {
  default?: ComponentType<{ conversationId: string; seq?: number }>
  QuickSwitcher?: ComponentType
}

const found = import.meta.glob<Parts>([
  '../features/conversation/index.{ts,tsx}',
  '../features/switcher/index.{ts,tsx}',
])

function part<P>(feature: string, pick: (module: Parts) => ComponentType<P> | undefined) {
  const load = Object.entries(found).find(([path]) => path.includes(`/${feature}/`))?.[1]
  return lazy(async () => ({ default: (load && pick(await load())) ?? ((() => null) as ComponentType<P>) }))
}

/** The conversation view and what it brings; loaded beside the frame. */
export const ConversationPage = part('conversation', (module) => module.default)
export const QuickSwitcher = part('switcher', (module) => module.QuickSwitcher)
