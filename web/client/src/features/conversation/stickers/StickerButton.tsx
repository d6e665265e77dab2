import { IconButton } from '@weft/ui'
import { Sticker } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { usePhone } from '../../../shared/hooks'
import '../../../shared/stickers/words'
import type { Lane } from '../polls/PollDialog'

const StickerPopover = lazy(() => import('./StickerPopover'))

/** Opens the stickers, which come when it is first pressed. On a phone there is no room: the + button has them. */
export function StickerButton({ lane }: { lane: Lane }) {
  const { t } = useTranslation('stickers')
  const phone = usePhone()
  const [anchor, setAnchor] = useState<Element | null>(null)
  if (phone) return null
  return (
    <>
      <IconButton
        size="s"
        side="top"
        label={t('open')}
        icon={<Sticker size={18} />}
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        onClick={(e) => setAnchor(e.currentTarget)}
      />
      {anchor && (
        <Suspense fallback={null}>
          <StickerPopover lane={lane} anchor={anchor} onClose={() => setAnchor(null)} />
        </Suspense>
      )}
    </>
  )
}
