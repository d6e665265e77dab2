import type { ConversationView } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { useTranslation } from 'react-i18next'

import WhenDialog from '../../shared/later/WhenDialog'
import { useTimeStyle } from '../../shared/timeStyle'
import { snooze } from './putAway'

/** Asks when a conversation that is put away returns. */
export default function SnoozeDialog({ view, onClose }: { view: ConversationView; onClose: () => void }) {
  const { t } = useTranslation('later')
  const weft = useWeft()
  const style = useTimeStyle()
  return (
    <WhenDialog
      title={t('snoozeTitle')}
      action={t('snooze')}
      onPick={(when) => snooze(weft, view, when, style)}
      onClose={onClose}
    />
  )
}
