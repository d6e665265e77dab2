import type { NewAttachment } from '@weft/sdk'
import { Button, Modal, toast } from '@weft/ui'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { clock } from '../../../shared/files/layout'
import css from './attachments.module.css'
import { waveform } from './measure'

/** The container that this browser records in, by preference. */
const TYPES = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus']
const EVERY_MS = 50
const SHOWN = 60

interface Props {
  onDone: (voice: NewAttachment) => void
  onClose: () => void
}

/** Records at once; what was said becomes an attachment when stopped, and nothing when discarded. */
export default function Recorder({ onDone, onClose }: Props) {
  const { t } = useTranslation('files')
  const [levels, setLevels] = useState<readonly number[]>([])
  const stop = useRef<(keep: boolean) => void>(onClose)
  const latest = useRef({ onDone, onClose, t })
  useEffect(() => {
    latest.current = { onDone, onClose, t }
  })
  useEffect(() => {
    let live = true
    let end: () => void = () => undefined
    record((now) => live && setLevels(now)).then(
      (recording) => {
        end = recording.cancel
        if (!live) return end()
        stop.current = (keep) => {
          if (!keep) {
            recording.cancel()
            return latest.current.onClose()
          }
          void recording.finish().then((voice) => {
            latest.current.onDone(voice)
            latest.current.onClose()
          })
        }
      },
      () => {
        if (!live) return
        toast({ tone: 'danger', text: latest.current.t('noMicrophone') })
        latest.current.onClose()
      },
    )
    return () => {
      live = false
      end()
    }
  }, [])
  return (
    <Modal
      title={t('recording')}
      size="s"
      onClose={() => stop.current(false)}
      onSubmit={() => stop.current(true)}
      footer={
        <>
          <Button onClick={() => stop.current(false)}>{t('discard')}</Button>
          <Button variant="primary" type="submit" data-autofocus>
            {t('stop')}
          </Button>
        </>
      }
    >
      <div className={css.recording} role="timer" aria-label={t('recording')}>
        <span className={css.dot} />
        <span data-tabular>{clock(levels.length * EVERY_MS)}</span>
        <span className={css.levels} aria-hidden>
          {levels.slice(-SHOWN).map((level, i) => (
            <i key={i} style={{ height: `${Math.max(6, level * 100)}%` }} />
          ))}
        </span>
      </div>
    </Modal>
  )
}

async function record(onLevels: (levels: readonly number[]) => void) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
  const type = TYPES.find((each) => MediaRecorder.isTypeSupported(each)) ?? ''
  const recorder = new MediaRecorder(stream, type ? { mimeType: type, audioBitsPerSecond: 32_000 } : {})
  const pieces: Blob[] = []
  recorder.ondataavailable = (event) => pieces.push(event.data)
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  context.createMediaStreamSource(stream).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  let levels: readonly number[] = []
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples)
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
    levels = [...levels, Math.min(1, Math.sqrt(power) * 4)]
    onLevels(levels)
  }, EVERY_MS)
  const release = () => {
    clearInterval(timer)
    for (const track of stream.getTracks()) track.stop()
    void context.close().catch(() => undefined)
  }
  recorder.start()
  const begun = performance.now()
  return {
    cancel: () => {
      if (recorder.state !== 'inactive') recorder.stop()
      release()
    },
    finish: async (): Promise<NewAttachment> => {
      const duration_ms = Math.round(performance.now() - begun)
      const ended = new Promise((resolve) => recorder.addEventListener('stop', resolve, { once: true }))
      recorder.stop()
      await ended
      release()
      const blob = new Blob(pieces, { type: recorder.mimeType || 'audio/webm' })
      const end = blob.type.includes('mp4') ? 'm4a' : blob.type.includes('ogg') ? 'ogg' : 'webm'
      const wave = waveform(levels)
      return { blob, name: `voice.${end}`, details: { duration_ms, waveform: wave.length ? wave : [0] } }
    },
  }
}
