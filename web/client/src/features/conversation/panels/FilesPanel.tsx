import { SidePanel } from '@weft/ui'
import { useTranslation } from 'react-i18next'

import { FileList } from '../../../shared/files/FileList'
import type { Shown } from '../context'

/** What was sent in a conversation. */
export function FilesPanel({ conversation, onClose }: { conversation: Shown; onClose: () => void }) {
  const { t } = useTranslation('files')
  return (
    <SidePanel title={t('title')} onClose={onClose}>
      <FileList conversation={conversation.id} />
    </SidePanel>
  )
}
