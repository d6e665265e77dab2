import { useObservable, useWeft } from '@weft/sdk/react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import type { TimeStyle } from '../lib/time'

/** How the reader reads dates. */
export function useTimeStyle(): TimeStyle {
  const weft = useWeft()
  const { i18n } = useTranslation()
  const zone = useObservable(weft.meView)?.account.timezone ?? undefined
  const locale = i18n.resolvedLanguage ?? i18n.language
  return useMemo(() => ({ locale, zone }), [locale, zone])
}
