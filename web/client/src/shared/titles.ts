import type { JoinNames, Observable } from '@weft/sdk'
import i18next from 'i18next'
import { onLocale } from '../i18n'

const joined = new Map<string, JoinNames>()

/** A title of several names, as short as the language lists them: "A, B", 「A、B」. */
export const titles: Observable<JoinNames> = {
  get() {
    const between = i18next.t('betweenNames')
    let join = joined.get(between)
    if (!join) joined.set(between, (join = (names) => names.join(between)))
    return join
  },
  subscribe: onLocale,
}
