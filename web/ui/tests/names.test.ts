import { describe, expect, it } from 'vitest'
import { avatarColour, initials, orgInitials } from '../src/names'

describe('initials', () => {
  it.each([
    ['张伟', '张伟'],
    ['欧阳娜娜', '娜娜'],
    ['王', '王'],
    ['古丽·米热', '米热'],
    ['张伟 (David)', '张伟'],
    ['Ada Lovelace', 'AL'],
    ['ada', 'A'],
    ['jean-luc picard', 'JP'],
    ['david.smith', 'DS'],
    ['  ', '?'],
    ['🙂', '🙂'],
    ['Éva Ősz', 'ÉŐ'],
  ])('%s → %s', (name, letters) => expect(initials(name)).toBe(letters))
})

describe('orgInitials', () => {
  it.each([
    ['织云科技 Weave', '织云'],
    ['Acme Corp', 'AC'],
    ['开源社区', '开源'],
  ])('%s → %s', (name, letters) => expect(orgInitials(name)).toBe(letters))
})

describe('avatarColour', () => {
  it('is stable, in range, and spreads', () => {
    const seen = new Set<number>()
    for (let i = 0; i < 500; i++) {
      const colour = avatarColour(`usr_01jq000000000000000000${i}`)
      expect(colour).toBe(avatarColour(`usr_01jq000000000000000000${i}`))
      expect(colour).toBeGreaterThanOrEqual(0)
      expect(colour).toBeLessThan(10)
      seen.add(colour)
    }
    expect(seen.size).toBe(10)
  })
})
