import { describe, expect, it } from 'vitest'

import { clock, extension, fit, pictureSize, readable } from './layout'

describe('the space of a picture', () => {
  it('keeps its shape within the limits', () => {
    expect(fit({ width: 4000, height: 3000 })).toEqual({ width: 400, height: 300 })
    expect(fit({ width: 1000, height: 4000 })).toEqual({ width: 80, height: 320 })
    expect(fit({ width: 100, height: 80 })).toEqual({ width: 100, height: 80 })
  })
  it('has room for a thin or unknown one', () => {
    expect(fit({ width: 4000, height: 10 })).toEqual({ width: 400, height: 64 })
    expect(fit({})).toEqual({ width: 320, height: 180 })
  })
})

it('says sizes, times and extensions for people', () => {
  expect([readable(0), readable(999), readable(1400), readable(25_000_000), readable(null)]).toEqual([
    '0 B',
    '999 B',
    '1.4 KB',
    '25 MB',
    '',
  ])
  expect([clock(0), clock(65_400), clock(600_000)]).toEqual(['0:00', '1:05', '10:00'])
  expect([extension('a.tar.gz'), extension('README')]).toEqual(['GZ', ''])
})

it('asks for pictures as large as they are shown, and for small ones on a thin network', () => {
  expect(pictureSize(400, 1, false)).toBe(400)
  expect(pictureSize(400, 3, false)).toBe(800)
  expect(pictureSize(400, 2, true)).toBe(320)
  expect(pictureSize(120.5, 2, true)).toBe(121)
})
