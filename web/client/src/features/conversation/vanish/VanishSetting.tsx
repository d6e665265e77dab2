import { useObservable, useWeft } from '@weft/sdk/react'
import { SelectField } from '@weft/ui'
import { useTranslation } from 'react-i18next'

import { toastProblem } from '../../../shared/problem'
import type { Shown } from '../context'
import { lasting, TIMES } from './duration'
import './words'

/** Whether new messages between two people vanish once they were read: either sets it, for both. */
export function VanishSetting({ conversation }: { conversation: Shown }) {
  const { t } = useTranslation('vanish')
  const weft = useWeft()
  const { org } = useObservable(weft.meView)
  const { state } = useObservable(weft.connection)
  const allowed = org.vanishing?.allowed !== false
  const after = (allowed && conversation.vanish_after) || 0
  const times = after && !TIMES.includes(after) ? [...TIMES, after].sort((a, b) => a - b) : TIMES
  const set = (value: number) =>
    weft.api.http
      .request('PUT', `/conversations/${conversation.id}/vanish`, { body: { after: value || null } })
      .catch(toastProblem)
  return (
    <SelectField
      label={t('title')}
      hint={t(allowed ? 'hint' : 'notAllowed')}
      value={String(after)}
      disabled={!allowed || state === 'offline'}
      onChange={(event) => void set(Number(event.target.value))}
    >
      <option value="0">{t('off')}</option>
      {times.map((each) => {
        const { key, count } = lasting(each)
        return (
          <option key={each} value={each}>
            {t('after', { time: t(key, { count }) })}
          </option>
        )
      })}
    </SelectField>
  )
}
