import { describe, expect, it } from 'vitest'
import { place } from '../src/place'

const view = { width: 1000, height: 600 }

describe('place', () => {
  it('goes below and aligned when there is room', () => {
    const at = place({ left: 100, top: 50, right: 200, bottom: 80 }, 120, 200, view, 'bottom', 'start')
    expect(at).toEqual({ left: 100, top: 84, side: 'bottom' })
  })
  it('flips when the wanted side has no room and the other has more', () => {
    const at = place({ left: 100, top: 500, right: 200, bottom: 530 }, 120, 200, view, 'bottom', 'start')
    expect(at).toEqual({ left: 100, top: 296, side: 'top' })
  })
  it('never leaves the screen', () => {
    const at = place({ left: 990, top: 590, right: 990, bottom: 590 }, 300, 900, view, 'right', 'start')
    expect(at.left).toBeGreaterThanOrEqual(8)
    expect(at.top).toBe(8)
    expect(at.left + 300).toBeLessThanOrEqual(1000)
  })
})
