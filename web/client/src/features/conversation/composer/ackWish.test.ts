import { expect, it } from 'vitest'

import { askedBy } from './ackWish'

it('asks everybody, or whoever the text mentions', () => {
  const text = 'to <@usr_a1> and <@usr_b2>, again <@usr_a1>, <@all>'
  expect(askedBy(null, text, 1000)).toBeUndefined()
  expect(askedBy({ who: 'everybody', within: 'never' }, text, 1000)).toEqual({})
  expect(askedBy({ who: 'everybody', within: 'inHour' }, text, 1000)).toEqual({ deadline: 3_600_001_000 })
  expect(askedBy({ who: 'mentioned', within: 'never' }, text, 1000)).toEqual({ from: ['usr_a1', 'usr_b2'] })
  expect(askedBy({ who: 'mentioned', within: 'inHour' }, '<@all>', 1000)).toBeUndefined()
})
