import i18next from 'i18next'

import '../../../../shared/commands/words'

/** What a command says, in the language of the moment. */
export function wordsOf(key: string, holes: Record<string, unknown> = {}): string {
  return i18next.t(key, { ns: 'commands', ...holes })
}
