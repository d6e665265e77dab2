import { stickerRoutes, type Sticker } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'

import css from './stickerImage.module.css'

interface Props {
  sticker: Sticker
  /** Its name stands beside it: it is not said twice. */
  beside?: boolean
}

/** The picture of a sticker, as large as what it stands in; for who wants less motion one that does not move. */
export function StickerImage({ sticker, beside }: Props) {
  const { url } = stickerRoutes(useWeft().api)
  return (
    <picture>
      {sticker.animated && <source media="(prefers-reduced-motion: reduce)" srcSet={url(sticker.id, true)} />}
      <img
        className={css.image}
        src={url(sticker.id)}
        alt={beside ? '' : `[${sticker.name}]`}
        width={sticker.width}
        height={sticker.height}
        loading="lazy"
        decoding="async"
        draggable={false}
      />
    </picture>
  )
}
