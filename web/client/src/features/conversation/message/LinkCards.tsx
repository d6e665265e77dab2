import type { LinkPreview, Message } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { IconButton } from '@weft/ui'
import { Globe, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import '../../../shared/links/words'
import { useAction } from '../../../shared/hooks'
import { useLinkCards } from '../../../shared/preferences'
import { toastProblem } from '../../../shared/problem'
import { useList } from '../context'
import css from './links.module.css'

/** What the links of a message lead to. Nothing here is loaded from anywhere but the server. */
export function LinkCards({ message, links }: { message: Message; links: readonly LinkPreview[] }) {
  const [shown] = useLinkCards()
  if (!shown) return null
  return (
    <div className={css.cards}>
      {links.map((link) => (
        <LinkCard key={link.id} message={message} link={link} />
      ))}
    </div>
  )
}

function LinkCard({ message, link }: { message: Message; link: LinkPreview }) {
  const { t } = useTranslation('links')
  const weft = useWeft()
  const { me } = useList()
  const remove = useAction(() =>
    weft.api.messages.removePreview(message.id, link.id).catch((error: unknown) => {
      toastProblem(error)
      throw error
    }),
  )
  const { image } = link
  return (
    <div className={css.card} data-busy={remove.busy || undefined}>
      <a className={css.main} href={link.url} target="_blank" rel="noopener noreferrer nofollow">
        <span className={css.words}>
          <span className={css.site}>
            <SiteIcon link={link} />
            <span>{link.site}</span>
          </span>
          {link.title && <b className={css.title}>{link.title}</b>}
          {link.description && <span className={css.description}>{link.description}</span>}
        </span>
        {image && (
          <span className={css.thumb} style={{ background: image.color }}>
            <img
              src={weft.api.files.linkUrl(link.id, 'image')}
              width={image.width}
              height={image.height}
              alt=""
              loading="lazy"
              decoding="async"
              draggable={false}
            />
          </span>
        )}
      </a>
      {message.from === me && (
        <span className={css.remove}>
          <IconButton
            size="s"
            label={t('remove', { title: link.title || link.site })}
            icon={<X size={14} />}
            disabled={remove.busy}
            onClick={() => void remove.run()}
          />
        </span>
      )}
    </div>
  )
}

function SiteIcon({ link }: { link: LinkPreview }) {
  const weft = useWeft()
  const [failed, setFailed] = useState(false)
  if (!link.icon || failed) return <Globe size={14} aria-hidden />
  return (
    <img
      src={weft.api.files.linkUrl(link.id, 'icon')}
      width={16}
      height={16}
      alt=""
      loading="lazy"
      onError={() => setFailed(true)}
    />
  )
}
