import { describe, expect, it } from 'vitest'
import { titleText } from '../src/app/title'
import { readReport } from '../src/features/admin/report'
import { describeAgent } from '../src/shared/agent'
import { cropSquare, drag } from '../src/features/settings/crop'
import { expiryAt, liveStatus } from '../src/shared/status'

describe('the title', () => {
  it('says mentions, else that something is unread', () => {
    expect(titleText(3, 9, 'general', 'Acme')).toBe('(3) general · Acme · Weft')
    expect(titleText(0, 2, '', 'Acme')).toBe('• Acme · Weft')
    expect(titleText(120, 0, 'x', 'Acme')).toBe('(99+) x · Acme · Weft')
    expect(titleText(0, 0, '', 'Weft')).toBe('Weft')
  })
})

describe('the status', () => {
  it('ends by itself', () => {
    const status = { emoji: '🍜', text: '午餐', until: 2_000_000 }
    expect(liveStatus(status, 1000)).toBe(status)
    expect(liveStatus(status, 2000)).toBeNull()
    expect(liveStatus({ ...status, until: null }, 2000)).not.toBeNull()
    expect(liveStatus({ emoji: '', text: '', until: null })).toBeNull()
  })
  it('lasts as long as chosen', () => {
    const saturday = new Date(2026, 10, 21, 15, 30)
    expect(expiryAt('never', saturday)).toBeNull()
    expect(expiryAt('30m', saturday)).toBe(new Date(2026, 10, 21, 16, 0).getTime() * 1000)
    expect(expiryAt('today', saturday)).toBe(new Date(2026, 10, 22).getTime() * 1000)
    expect(expiryAt('week', saturday)).toBe(new Date(2026, 10, 23).getTime() * 1000)
    expect(expiryAt('week', new Date(2026, 10, 22, 9))).toBe(new Date(2026, 10, 23).getTime() * 1000)
  })
})

describe('cropping', () => {
  it('takes the shorter side, zoomed, inside the picture', () => {
    expect(cropSquare(400, 200, { zoom: 1, x: 0.5, y: 0.5 })).toEqual({ left: 100, top: 0, edge: 200 })
    expect(cropSquare(400, 200, { zoom: 2, x: 1, y: 2 })).toEqual({ left: 300, top: 100, edge: 100 })
  })
  it('follows a drag and stops at the edges', () => {
    const start = { zoom: 1, x: 0.5, y: 0.5 }
    expect(drag(400, 200, start, -70, 0, 280).x).toBeCloseTo(0.75)
    expect(drag(400, 200, start, 9999, 0, 280)).toMatchObject({ x: 0, y: 0.5 })
  })
})

describe("a device's name", () => {
  it.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0',
      'Edge · Windows',
      false,
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1',
      'Safari · iPhone',
      true,
    ],
    ['Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36', 'Chrome · Android', true],
    ['curl/8.5.0', 'curl', false],
    ['', '', false],
  ])('%s', (agent, name, phone) => expect(describeAgent(agent)).toEqual({ name, phone }))
})

describe('an import report', () => {
  it('shows what it knows, in order, the largest reasons first, and survives the rest', () => {
    const view = readReport({
      messages: 9,
      users: 2,
      skipped: 4,
      skipped_by: { huddle: 1, bot: 3, none: 0 },
      merged: 0,
      changed: { edited: 3, deleted: 0, later: 2 },
      later: {},
      renamed: [{}],
    })
    expect(view.counts.map((line) => line.key)).toEqual(['users', 'messages', 'skipped', 'changed_edited'])
    expect(view.skipped).toEqual([
      { key: 'bot', count: 3 },
      { key: 'huddle', count: 1 },
    ])
    expect(view.renamed).toEqual([])
  })
})
