import { useWeft } from '@weft/sdk/react'
import { IconButton, Menu } from '@weft/ui'
import { useTranslation } from 'react-i18next'

import { LevelIcon, levelItems, levelOf } from '../../shared/attention/levels'
import type { Shown } from './context'

/** What one is told of here, in the header. */
export default function BellMenu({ conversation }: { conversation: Shown }) {
  const { t } = useTranslation('attention')
  const weft = useWeft()
  const level = levelOf(conversation)
  return (
    <Menu label={t('level.title')} align="end" items={levelItems(weft, conversation, t)}>
      <IconButton
        label={t('level.bell', { level: t(`level.${level}`) })}
        icon={<LevelIcon level={level} size={18} />}
      />
    </Menu>
  )
}
