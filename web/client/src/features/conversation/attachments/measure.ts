import type { FileDetails, NewAttachment } from '@weft/sdk'

const POSTER = 1280
const SAMPLES = 100
const PATIENCE_MS = 8000

/** How long a film or sound plays, how large it is, and a picture of it, as far as this browser can tell. */
export async function measure(file: File): Promise<NewAttachment> {
  const url = URL.createObjectURL(file)
  const film = file.type.startsWith('video/')
  const el = document.createElement(film ? 'video' : 'audio')
  el.preload = 'auto'
  el.muted = true
  try {
    el.src = url
    await event(el, 'loadeddata')
    const details: FileDetails = Number.isFinite(el.duration)
      ? { duration_ms: Math.round(el.duration * 1000) }
      : {}
    if (!(el instanceof HTMLVideoElement)) return { blob: file, name: file.name, details }
    details.width = el.videoWidth
    details.height = el.videoHeight
    const poster = await picture(el)
    return { blob: file, name: file.name, details, ...(poster ? { poster } : {}) }
  } finally {
    el.removeAttribute('src')
    el.load()
    URL.revokeObjectURL(url)
  }
}

async function picture(film: HTMLVideoElement): Promise<Blob | null> {
  // The first picture is often black.
  if (film.duration > 1) {
    film.currentTime = Math.min(1, film.duration / 4)
    await event(film, 'seeked')
  }
  const scale = Math.min(1, POSTER / Math.max(film.videoWidth, film.videoHeight))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(film.videoWidth * scale)
  canvas.height = Math.round(film.videoHeight * scale)
  canvas.getContext('2d')?.drawImage(film, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.8))
}

function event(el: HTMLMediaElement, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('It cannot be measured.')), PATIENCE_MS)
    el.addEventListener(name, () => (clearTimeout(timer), resolve()), { once: true })
    el.addEventListener('error', () => (clearTimeout(timer), reject(new Error('It cannot be played.'))), {
      once: true,
    })
  })
}

/** Loudness over time, as many samples as are shown, 0–255. */
export function waveform(levels: readonly number[], samples = SAMPLES): number[] {
  const count = Math.min(samples, levels.length)
  const loudest = Math.max(0.05, ...levels)
  return Array.from({ length: count }, (_, i) => {
    const part = levels.slice(
      Math.floor((i * levels.length) / count),
      Math.ceil(((i + 1) * levels.length) / count),
    )
    return Math.round((Math.max(0, ...part) / loudest) * 255)
  })
}
