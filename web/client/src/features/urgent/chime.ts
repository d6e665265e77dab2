const AGAIN_MS = 3000
let last = -AGAIN_MS

/** Two soft tones; once for several that come together. Browsers are silent before the first press on a page. */
export function chime(): void {
  const now = performance.now()
  if (now - last < AGAIN_MS || typeof AudioContext === 'undefined') return
  last = now
  try {
    const audio = new AudioContext()
    for (const [at, pitch] of [
      [0, 880],
      [0.22, 1175],
    ] as const) {
      const tone = audio.createOscillator()
      const loud = audio.createGain()
      const from = audio.currentTime + at
      tone.frequency.value = pitch
      loud.gain.setValueAtTime(0, from)
      loud.gain.linearRampToValueAtTime(0.18, from + 0.02)
      loud.gain.exponentialRampToValueAtTime(0.001, from + 0.35)
      tone.connect(loud).connect(audio.destination)
      tone.start(from)
      tone.stop(from + 0.4)
    }
    setTimeout(() => void audio.close().catch(() => undefined), 1500)
  } catch {
    // No sound here; the bar is seen.
  }
}
