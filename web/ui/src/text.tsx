import { createContext, useContext, type ReactNode } from 'react'

/** The few words the primitives say themselves; the app passes them translated. */
export interface UiText {
  close: string
  undo: string
  dismiss: string
  showPassword: string
  hidePassword: string
  notifications: string
}

const Text = createContext<UiText>({
  close: 'Close',
  undo: 'Undo',
  dismiss: 'Dismiss',
  showPassword: 'Show password',
  hidePassword: 'Hide password',
  notifications: 'Notices',
})

/** Gives the primitives their words. */
export function UiTextProvider({ text, children }: { text: UiText; children: ReactNode }) {
  return <Text value={text}>{children}</Text>
}

/** The primitives' words in the reader's language. */
export function useUiText(): UiText {
  return useContext(Text)
}
