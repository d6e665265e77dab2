import type { FileRef } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { Pause, Play } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { FileCard } from './FileCard'
import css from './files.module.css'
import { clock } from './layout'

const SPEEDS = [1, 1.5, 2]

/** Sound with the browser's own player; nothing is fetched before it is played. */
export function Sound({ file }: { file: FileRef }) {
  const weft = useWeft()
  const { t } = useTranslation('files')
  const [failed, setFailed] = useState(false)
  return (
    <div className={css.sound}>
      <FileCard file={file} {...(failed ? { note: t('cannotPlay') } : {})} />
      {!failed && (
        <audio
          controls
          preload="none"
          aria-label={file.name}
          src={weft.api.files.url(file.id ?? '')}
          onError={() => setFailed(true)}
        />
      )}
    </div>
  )
}

/** A voice message: its loudness to look at and to seek in, and three speeds. */
export function Voice({ file }: { file: FileRef }) {
  const { t } = useTranslation('files')
  const weft = useWeft()
  const audio = useRef<HTMLAudioElement>(null)
  const [playing, setPlaying] = useState(false)
  const [speed, setSpeed] = useState(1)
  const [at, setAt] = useState(0)
  const [failed, setFailed] = useState(false)
  const total = file.duration_ms ?? 0
  const wave = file.waveform?.length ? file.waveform : Array<number>(32).fill(40)
  if (failed) return <FileCard file={file} note={t('cannotPlay')} />
  const toggle = () => {
    const el = audio.current
    if (!el) return
    el.playbackRate = speed
    if (el.paused) void el.play().catch(() => setFailed(true))
    else el.pause()
  }
  const seek = (ms: number) => {
    setAt(ms)
    if (audio.current) audio.current.currentTime = ms / 1000
  }
  const faster = () => {
    const next = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length] ?? 1
    setSpeed(next)
    if (audio.current) audio.current.playbackRate = next
  }
  return (
    <div className={css.voice} role="group" aria-label={t('voice')}>
      <audio
        ref={audio}
        preload="none"
        src={weft.api.files.url(file.id ?? '')}
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => setAt(0)}
        onTimeUpdate={(e) => setAt(e.currentTarget.currentTime * 1000)}
        onError={() => setFailed(true)}
      />
      <button type="button" className={css.play} aria-label={t(playing ? 'pause' : 'play')} onClick={toggle}>
        {playing ? <Pause size={16} aria-hidden /> : <Play size={16} aria-hidden />}
      </button>
      <span className={css.wave}>
        {wave.map((loud, i) => (
          <i
            key={i}
            data-past={total > 0 && i / wave.length < at / total}
            style={{ height: `${Math.max(8, (loud / 255) * 100)}%` }}
          />
        ))}
        <input
          type="range"
          aria-label={t('seek')}
          aria-valuetext={clock(at)}
          min={0}
          max={Math.max(1, total)}
          step={100}
          value={Math.min(at, total)}
          onChange={(e) => seek(Number(e.target.value))}
        />
      </span>
      <span className={css.time} data-tabular>
        {clock(playing || at > 0 ? at : total)}
      </span>
      <button type="button" className={css.speed} aria-label={t('speed', { speed })} onClick={faster}>
        {speed}×
      </button>
    </div>
  )
}
