import { stickerRoutes, type StickerPart } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { MenuList, toast } from '@weft/ui'
import { StickyNote } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { toastProblem } from '../../../shared/problem'
import '../../../shared/stickers/words'
import css from './stickers.module.css'

/** Pixels of its longer side. */
const SIDE = 160

/** A sticker in the flow of messages; pressing it offers to keep it. */
export default function StickerView({ part }: { part: StickerPart }) {
  const { t } = useTranslation('stickers')
  const weft = useWeft()
  const [menu, setMenu] = useState<Element | null>(null)
  const [failed, setFailed] = useState(false)
  const { id } = part.file
  const words = `[${part.name}]`
  if (!id || failed) return <p>{words}</p>
  const { width, height } = fit(Number(part.file.width ?? SIDE), Number(part.file.height ?? SIDE))
  const collect = () =>
    stickerRoutes(weft.api)
      .collect(id, part.name)
      .then(({ sticker }) => toast({ text: t(sticker ? 'collected' : 'hadAlready') }), toastProblem)
  return (
    <>
      <button
        type="button"
        className={css.sent}
        aria-haspopup="menu"
        aria-expanded={menu !== null}
        onClick={(e) => setMenu(e.currentTarget)}
      >
        <picture>
          {part.animated && (
            <source media="(prefers-reduced-motion: reduce)" srcSet={weft.api.files.thumbUrl(id, 320)} />
          )}
          <img
            src={weft.api.files.url(id)}
            alt={words}
            title={part.name}
            width={width}
            height={height}
            decoding="async"
            draggable={false}
            onError={() => setFailed(true)}
          />
        </picture>
      </button>
      {menu && (
        <MenuList
          anchor={menu}
          label={part.name}
          items={[{ label: t('collect'), icon: <StickyNote size={16} />, onSelect: () => void collect() }]}
          onClose={() => setMenu(null)}
        />
      )}
    </>
  )
}

function fit(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, SIDE / Math.max(width, height, 1))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}
