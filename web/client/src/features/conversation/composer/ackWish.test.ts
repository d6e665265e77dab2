import { expect, it } from 'vitest'

import { askedBy, limits } from './ackWish'

it('asks everybody, or whoever the text mentions', () => {
  const text = 'to <@usr_a1> and <@usr_b2>, again <@usr_a1>, <@all>'
  expect(askedBy(null, text, 1000)).toBeUndefined()
  expect(askedBy({ who: 'everybody', within: 'never' }, text, 1000)).toEqual({})
  expect(askedBy({ who: 'everybody', within: 'inHour' }, text, 1000)).toEqual({
    deadline: 3_600_001_000,
    drop_late: true,
  })
  expect(askedBy({ who: 'mentioned', within: 'never' }, text, 1000)).toEqual({ from: ['usr_a1', 'usr_b2'] })
  expect(askedBy({ who: 'mentioned', within: 'inHour' }, '<@all>', 1000)).toBeUndefined()
  expect(askedBy({ who: 'chosen', people: ['usr_c3'], within: 'never', urgent: true }, text, 1000)).toEqual({
    from: ['usr_c3'],
    urgent: true,
  })
  expect(askedBy({ who: 'chosen', people: [], within: 'never' }, text, 1000)).toBeUndefined()
})

it('takes a time of the writer’s own, in their own zone', () => {
  const at = new Date(2027, 2, 4, 9, 30)
  const wish = { who: 'everybody', within: 'custom', until: '2027-03-04T09:30' } as const
  expect(askedBy(wish, '', 0)).toEqual({ deadline: at.getTime() * 1000, drop_late: true })
  expect(askedBy({ ...wish, until: '' }, '', 0)).toEqual({})
  expect(limits(new Date(2027, 2, 4, 9, 30))).toEqual({ min: '2027-03-04T09:32', max: '2028-03-03T09:30' })
})
