import { IconButton } from '@weft/ui'
import { Plus } from 'lucide-react'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { AttachMenu } from '../parts'
import type { Lane } from '../polls/PollDialog'
import type { Attachments } from './useAttachments'

/** The + button; what it offers comes when it is first pressed, and stays for its dialogs. */
export function AttachButton({ attachments, lane }: { attachments: Attachments; lane: Lane }) {
  const { t } = useTranslation('conversation')
  const [menu, setMenu] = useState<Element | null>(null)
  const [used, setUsed] = useState(false)
  return (
    <>
      <IconButton
        size="s"
        side="top"
        label={t('attach')}
        icon={<Plus size={18} />}
        aria-haspopup="menu"
        aria-expanded={menu !== null}
        onClick={(e) => {
          setUsed(true)
          setMenu(e.currentTarget)
        }}
      />
      {used && (
        <Suspense fallback={null}>
          <AttachMenu attachments={attachments} lane={lane} anchor={menu} onClose={() => setMenu(null)} />
        </Suspense>
      )}
    </>
  )
}
