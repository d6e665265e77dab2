import { expect, it } from 'vitest'

import { lasting, left } from './duration'

it('says a time in the largest whole unit', () => {
  expect(lasting(10)).toEqual({ key: 'seconds', count: 10 })
  expect(lasting(90)).toEqual({ key: 'seconds', count: 90 })
  expect(lasting(60)).toEqual({ key: 'minutes', count: 1 })
  expect(lasting(7200)).toEqual({ key: 'hours', count: 2 })
  expect(lasting(7 * 86_400)).toEqual({ key: 'days', count: 7 })
})

it('counts down as on a clock, and never below zero', () => {
  expect(left(59).text).toBe('0:59')
  expect(left(3600).text).toBe('60:00')
  expect(left(-5).text).toBe('0:00')
  expect(left(3601)).toMatchObject({ key: 'hoursLeft', count: 2 })
  expect(left(86_401)).toMatchObject({ key: 'daysLeft', count: 2 })
})
