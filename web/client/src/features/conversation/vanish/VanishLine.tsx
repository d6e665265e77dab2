import type { Message } from '@weft/sdk'
import { useTranslation } from 'react-i18next'

import { systemPart } from '../rows'
import { lasting } from './duration'
import './words'

/** Who set how long new messages last. */
export function VanishLine({ actor, message }: { actor: string; message: Message }) {
  const { t } = useTranslation('vanish')
  const after = systemPart(message)?.params['after']
  if (typeof after !== 'number') return <>{t('switchedOff', { actor })}</>
  const { key, count } = lasting(after)
  return <>{t('switchedOn', { actor, time: t(key, { count }) })}</>
}
