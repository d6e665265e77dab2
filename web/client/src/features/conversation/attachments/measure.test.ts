import { expect, it } from 'vitest'

import { waveform } from './measure'

it('shows loudness in as many samples as fit', () => {
  expect(waveform([])).toEqual([])
  expect(waveform([0, 0.5, 1])).toEqual([0, 128, 255])
  const long = waveform(Array.from({ length: 1000 }, (_, i) => (i === 999 ? 1 : 0)))
  expect(long).toHaveLength(100)
  expect(long.at(-1)).toBe(255)
  expect(long.at(0)).toBe(0)
})
