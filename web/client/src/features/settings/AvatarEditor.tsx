import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Avatar, Button, Modal, toast } from '@weft/ui'
import type { Principal } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { useAction } from '../../shared/hooks'
import { ProblemBanner, toastProblem } from '../../shared/problem'
import { cropFile, drag, drawCrop, EDGE, type Crop } from './crop'
import s from './settings.module.css'

const VIEW = 280

/** The photo: choose, crop to a square, upload; or remove. */
export function AvatarEditor({ me }: { me: Principal }) {
  const { t } = useTranslation('settings')
  const weft = useWeft()
  const input = useRef<HTMLInputElement>(null)
  const [picture, setPicture] = useState<ImageBitmap | null>(null)
  const remove = useAction(async () => {
    try {
      await weft.api.me.removeAvatar()
    } catch (error) {
      toastProblem(error)
    }
  })
  const choose = async (file: File | undefined) => {
    if (!file) return
    try {
      setPicture(await createImageBitmap(file))
    } catch {
      toast({ tone: 'danger', text: t('profile.badPicture') })
    }
  }
  return (
    <div className={s.photo}>
      <Avatar id={me.id} name={me.name} src={me.avatar ? weft.api.avatarUrl(me.avatar) : null} size={96} />
      <div className={s.acts}>
        <Button onClick={() => input.current?.click()}>{t('profile.choose')}</Button>
        {me.avatar && (
          <Button variant="ghost" busy={remove.busy} onClick={() => void remove.run()}>
            {t('profile.removePhoto')}
          </Button>
        )}
      </div>
      <input
        ref={input}
        type="file"
        accept="image/png,image/jpeg,image/webp,image/gif,image/avif"
        className="visually-hidden"
        tabIndex={-1}
        aria-label={t('profile.choose')}
        onChange={(event) => {
          void choose(event.target.files?.[0])
          event.target.value = ''
        }}
      />
      {picture && <CropDialog picture={picture} onClose={() => setPicture(null)} />}
    </div>
  )
}

function CropDialog({ picture, onClose }: { picture: ImageBitmap; onClose: () => void }) {
  const { t } = useTranslation('settings')
  const weft = useWeft()
  const canvas = useRef<HTMLCanvasElement>(null)
  const [crop, setCrop] = useState<Crop>({ zoom: 1, x: 0.5, y: 0.5 })
  const from = useRef<{ x: number; y: number } | null>(null)
  useEffect(() => {
    if (canvas.current) drawCrop(canvas.current, picture, crop)
  }, [picture, crop])
  const save = useAction(async () => {
    await weft.api.me.setAvatar(await cropFile(picture, crop))
    onClose()
  })
  const move = (dx: number, dy: number) =>
    setCrop((now) => drag(picture.width, picture.height, now, dx, dy, VIEW))
  const arrows: Record<string, [number, number]> = {
    ArrowLeft: [10, 0],
    ArrowRight: [-10, 0],
    ArrowUp: [0, 10],
    ArrowDown: [0, -10],
  }
  return (
    <Modal
      size="s"
      title={t('profile.crop')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button variant="primary" busy={save.busy} onClick={() => void save.run()}>
            {t('profile.use')}
          </Button>
        </>
      }
    >
      <canvas
        ref={canvas}
        width={EDGE}
        height={EDGE}
        className={s.crop}
        tabIndex={0}
        role="img"
        aria-label={t('profile.cropHint')}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          from.current = { x: event.clientX, y: event.clientY }
        }}
        onPointerMove={(event) => {
          if (!from.current) return
          move(event.clientX - from.current.x, event.clientY - from.current.y)
          from.current = { x: event.clientX, y: event.clientY }
        }}
        onPointerUp={() => {
          from.current = null
        }}
        onKeyDown={(event) => {
          const by = arrows[event.key]
          if (!by) return
          event.preventDefault()
          move(...by)
        }}
      />
      <label className={s.zoom}>
        {t('profile.zoom')}
        <input
          type="range"
          min={1}
          max={4}
          step={0.02}
          value={crop.zoom}
          onChange={(event) => setCrop({ ...crop, zoom: Number(event.target.value) })}
        />
      </label>
      <ProblemBanner problem={save.problem} />
    </Modal>
  )
}
