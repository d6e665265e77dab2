let context: AudioContext | null = null

/** Two soft notes; silent where the page may not sound yet, because nobody has touched it. */
export function chime(): void {
  try {
    context ??= new AudioContext()
    if (context.state === 'suspended') void context.resume().catch(() => undefined)
    const start = context.currentTime
    for (const [at, pitch] of [
      [0, 880],
      [0.12, 1174.7],
    ] as const) {
      const tone = context.createOscillator()
      const volume = context.createGain()
      tone.frequency.value = pitch
      volume.gain.setValueAtTime(0, start + at)
      volume.gain.linearRampToValueAtTime(0.08, start + at + 0.02)
      volume.gain.exponentialRampToValueAtTime(0.0001, start + at + 0.35)
      tone.connect(volume).connect(context.destination)
      tone.start(start + at)
      tone.stop(start + at + 0.4)
    }
  } catch {
    // No sound on this device.
  }
}
