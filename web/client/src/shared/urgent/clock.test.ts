import { expect, it } from 'vitest'

import { clock, minuteOf } from './clock'

it('writes and reads minutes of a day', () => {
  expect([clock(0), clock(1325), clock(420)]).toEqual(['00:00', '22:05', '07:00'])
  expect([minuteOf('22:05'), minuteOf('07:00:30'), minuteOf(''), minuteOf('24:00')]).toEqual([
    1325,
    420,
    null,
    null,
  ])
})
