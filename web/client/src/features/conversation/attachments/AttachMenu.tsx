import { MenuList } from '@weft/ui'
import { ChartBarDecreasing, FileCode, Image, Mic, Paperclip, Sticker } from 'lucide-react'
import { lazy, Suspense, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import '../../../shared/files/messages'
import { usePhone } from '../../../shared/hooks'
import '../../../shared/stickers/words'
import css from './attachments.module.css'
import type { Lane } from '../polls/PollDialog'
import type { Attachments } from './useAttachments'

const Recorder = lazy(() => import('./Recorder'))
const PollDialog = lazy(() => import('../polls/PollDialog'))
const StickerPopover = lazy(() => import('../stickers/StickerPopover'))
const SnippetDialog = lazy(() => import('./SnippetDialog'))

interface Props {
  attachments: Attachments
  /** Where what is not a file goes. */
  lane: Lane
  /** Where the menu hangs while it is open. */
  anchor: Element | null
  onClose: () => void
}

/** What the + button offers: files, pictures, a voice message, a code snippet, a poll; on a phone stickers. */
export default function AttachMenu({ attachments, lane, anchor, onClose }: Props) {
  const { t } = useTranslation('files')
  const files = useRef<HTMLInputElement>(null)
  const media = useRef<HTMLInputElement>(null)
  const [doing, setDoing] = useState<'voice' | 'snippet' | 'poll' | null>(null)
  const phone = usePhone()
  const [stickers, setStickers] = useState<Element | null>(null)
  const done = () => setDoing(null)
  const choose = (event: React.ChangeEvent<HTMLInputElement>) => {
    attachments.add(event.target.files ?? [])
    // The same file may be chosen again.
    event.target.value = ''
  }
  return (
    <>
      <input
        ref={files}
        className={css.input}
        type="file"
        multiple
        tabIndex={-1}
        aria-label={t('attachFile')}
        onChange={choose}
      />
      <input
        ref={media}
        className={css.input}
        type="file"
        multiple
        accept="image/*,video/*"
        tabIndex={-1}
        aria-label={t('attachMedia')}
        onChange={choose}
      />
      {anchor && (
        <MenuList
          anchor={anchor}
          label={t('attach')}
          side="top"
          items={[
            { label: t('attachFile'), icon: <Paperclip size={16} />, onSelect: () => files.current?.click() },
            { label: t('attachMedia'), icon: <Image size={16} />, onSelect: () => media.current?.click() },
            { label: t('recordVoice'), icon: <Mic size={16} />, onSelect: () => setDoing('voice') },
            { label: t('snippet'), icon: <FileCode size={16} />, onSelect: () => setDoing('snippet') },
            ...(phone
              ? [
                  {
                    label: t('stickers:open'),
                    icon: <Sticker size={16} />,
                    onSelect: () => setStickers(anchor),
                  },
                ]
              : []),
            { label: t('poll'), icon: <ChartBarDecreasing size={16} />, onSelect: () => setDoing('poll') },
          ]}
          onClose={onClose}
        />
      )}
      <Suspense fallback={null}>
        {doing === 'voice' && <Recorder onDone={attachments.put} onClose={done} />}
        {doing === 'snippet' && <SnippetDialog onDone={attachments.put} onClose={done} />}
        {stickers && <StickerPopover lane={lane} anchor={stickers} onClose={() => setStickers(null)} />}
        {doing === 'poll' && <PollDialog lane={lane} onClose={done} />}
      </Suspense>
    </>
  )
}
