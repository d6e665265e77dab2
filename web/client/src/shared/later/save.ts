import { laterOf, type Weft } from '@weft/sdk'
import { toast } from '@weft/ui'
import i18next from 'i18next'

import './words'
import { toastProblem } from '../problem'

const words = (key: string): string => i18next.t(key, { ns: 'later' })

/** Keeps a message for later, or no longer, and says so. */
export async function save(weft: Weft, message: string): Promise<void> {
  const later = laterOf(weft)
  const kept = await later.toggle(message)
  toast({
    text: words(kept ? 'saved' : 'unsaved'),
    undo: () => void later.toggle(message).catch(toastProblem),
  })
}
