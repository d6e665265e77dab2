import { describe, expect, it } from 'vitest'

import { indexAt, rangeAround, sum } from './range'

const g = { count: 1000, height: (i: number) => (i % 3 === 0 ? 60 : 20), viewport: 600, overscan: 300 }
const covered = (start: number, end: number) => sum(g.height, start, end)

describe('rangeAround', () => {
  it('fills the viewport and the overscan at the bottom', () => {
    const { start, end } = rangeAround(g, 'bottom', 0)
    expect(end).toBe(1000)
    expect(covered(start, end)).toBeGreaterThanOrEqual(900)
    expect(covered(start, end)).toBeLessThan(1000)
  })
  it('fills both sides of an anchor', () => {
    const { start, end } = rangeAround(g, 500, 100)
    expect(covered(start, 500)).toBeGreaterThanOrEqual(400)
    expect(covered(500, end)).toBeGreaterThanOrEqual(800)
  })
  it('stays inside the list', () => {
    expect(rangeAround(g, 5000, 0).end).toBe(1000)
    expect(rangeAround(g, 0, 0).start).toBe(0)
    expect(rangeAround({ ...g, count: 0 }, 'bottom', 0)).toEqual({ start: 0, end: 0 })
  })
})

it('finds the row at a height', () => {
  expect(indexAt(g, 0)).toEqual({ index: 0, offset: 0 })
  expect(indexAt(g, 70)).toEqual({ index: 1, offset: -10 })
  expect(indexAt(g, 1e9).index).toBe(999)
})
