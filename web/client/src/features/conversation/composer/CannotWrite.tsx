import { useObservable, useWeft } from '@weft/sdk/react'
import { Button } from '@weft/ui'
import { useTranslation } from 'react-i18next'

import type { Shown } from '../context'
import css from './cannotWrite.module.css'

/** Where one cannot write: not joined, or archived. */
export function CannotWrite({ conversation, onJoin }: { conversation: Shown; onJoin: () => void }) {
  const { t } = useTranslation('conversation')
  const weft = useWeft()
  const { state } = useObservable(weft.connection)
  if (conversation.archived) return <p className={css.cannot}>{t('archivedNotice')}</p>
  return (
    <div className={css.cannot}>
      {t('notJoined', { name: conversation.title })}
      <Button variant="primary" size="s" disabled={state === 'offline'} onClick={onJoin}>
        {t('join')}
      </Button>
    </div>
  )
}
