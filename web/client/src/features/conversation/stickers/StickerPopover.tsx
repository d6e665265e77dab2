import { stickerRoutes, type Sticker } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { cx, Floating, Skeleton } from '@weft/ui'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'

import { useLoaded } from '../../../shared/hooks'
import { paths } from '../../../shared/paths'
import { ProblemBanner, toastProblem } from '../../../shared/problem'
import { StickerImage } from '../../../shared/stickers/StickerImage'
import type { Lane } from '../polls/PollDialog'
import css from './stickers.module.css'

const COLUMNS = 4

interface Props {
  lane: Lane
  anchor: Element
  onClose: () => void
}

/** One's own stickers and the org's packs; pressing one sends it. */
export default function StickerPopover({ lane, anchor, onClose }: Props) {
  const { t } = useTranslation('stickers')
  const weft = useWeft()
  const loaded = useLoaded(() => stickerRoutes(weft.api).all(), [weft])
  const [chosen, setChosen] = useState<string | null>(null)
  const root = useRef<HTMLDivElement>(null)
  const before = useRef(document.activeElement as HTMLElement | null)
  useEffect(() => {
    root.current?.focus()
    const back = before.current
    return () => back?.focus({ preventScroll: true })
  }, [])
  const mine = { id: 'mine', name: t('mine'), stickers: loaded.data?.mine ?? [] }
  const packs = [mine, ...(loaded.data?.packs ?? [])].filter(({ stickers }) => stickers.length > 0)
  const shown = packs.find(({ id }) => id === chosen) ?? packs[0]
  const send = (sticker: Sticker) => {
    onClose()
    const { conversation, thread } = lane
    weft.api.messages
      .send(conversation, {
        nonce: crypto.randomUUID(),
        text: '',
        sticker: sticker.id,
        ...(thread ? { thread } : {}),
      })
      .catch(toastProblem)
  }
  return (
    <Floating anchor={anchor} side="top" align="end" onClose={onClose} role="dialog" label={t('open')}>
      <div ref={root} tabIndex={-1} className={css.picker} onKeyDown={moveByArrows}>
        {packs.length > 1 && (
          <div className={css.tabs} role="tablist" aria-label={t('packs')}>
            {packs.map((pack) => (
              <button
                key={pack.id}
                type="button"
                role="tab"
                aria-selected={pack === shown}
                aria-label={pack.name}
                title={pack.name}
                className={cx(css.tab, pack === shown && css.here)}
                onClick={() => setChosen(pack.id)}
              >
                <StickerImage sticker={pack.stickers[0]!} beside />
              </button>
            ))}
          </div>
        )}
        <div className={css.scroll}>
          <ProblemBanner problem={loaded.problem} retry={loaded.reload} />
          {!loaded.data && !loaded.problem && <Skeleton height={160} />}
          {loaded.data && !shown && <p className={css.none}>{t('none')}</p>}
          {shown && (
            <>
              <h3 className={css.name}>{shown.name}</h3>
              <div className={css.grid}>
                {shown.stickers.map((sticker) => (
                  <button
                    key={sticker.id}
                    type="button"
                    aria-label={t('send', { name: sticker.name })}
                    title={sticker.name}
                    onClick={() => send(sticker)}
                  >
                    <StickerImage sticker={sticker} beside />
                  </button>
                ))}
              </div>
            </>
          )}
        </div>
        <Link className={css.manage} href={paths.settings(weft.org, 'stickers')} onClick={onClose}>
          {t('manage')}
        </Link>
      </div>
    </Floating>
  )
}

/** Arrows walk the grid as it is laid out. */
function moveByArrows(event: React.KeyboardEvent<HTMLDivElement>): void {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key]
  if (!step) return
  const all = [...event.currentTarget.querySelectorAll('button')]
  const at = all.indexOf(document.activeElement as HTMLButtonElement)
  event.preventDefault()
  all[Math.min(Math.max(at < 0 ? 0 : at + step, 0), all.length - 1)]?.focus()
}
