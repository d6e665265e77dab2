import type { Ref } from 'react'

import type { Format } from './format'
import type { ComposerText } from './useComposerText'
import type { Trigger } from './trigger'
import type { Choice } from './useCompletion'

/** Characters the server takes. */
export const LIMIT = 40_000

/** Where the text is typed, plain or rich. What surrounds it is the same for both: `Editor`. */
export interface SurfaceHandle {
  focus(): void
  /** Whether the caret is in the text, in a window that has the focus. */
  focused(): boolean
  format(format: Format): void
  insert(text: string): void
  /** Puts a choice in the place of what asked for it. */
  pick(trigger: Trigger, choice: Choice): void
}

/** What a key means in the place where it was pressed. */
export interface KeyPlace {
  /** The text is empty. */
  empty: boolean
  /** Inside code, where a plain Enter is a new line whatever sends otherwise. */
  inCode: boolean
}

export interface SurfaceProps {
  ref: Ref<SurfaceHandle>
  value: ComposerText
  label: string
  autoFocus: boolean
  /** The completion menu, while it is open, and the line of it that is chosen. */
  menu: { id: string; active: string } | null
  /** True when the key was dealt with; input methods' own keys do not come here. */
  onKey: (event: KeyboardEvent, place: KeyPlace) => boolean
  onTrigger: (trigger: Trigger | null) => void
  onTyping: () => void
  onBlur: () => void
  /** Formats that hold at the caret, for the toolbar. */
  onFormats?: (formats: ReadonlySet<Format>) => void
  /** The first to see what is pasted; true when it has taken it, such as files. */
  onPaste?: (data: DataTransfer) => boolean
}
