import { expect, test } from 'vitest'

import { pollOf, type Form } from './form'

const FORM: Form = {
  question: ' Where? ',
  options: ['A', ' B ', ''],
  many: false,
  most: 0,
  anonymous: false,
  mayAdd: false,
  results: 'always',
  within: 'never',
  at: '',
}

test('empty options are left out', () => {
  expect(pollOf(FORM, 0)).toMatchObject({
    question: 'Where?',
    options: ['A', 'B'],
    choices: 1,
    deadline: null,
  })
})

test('a form that is no poll says what it lacks', () => {
  expect(pollOf({ ...FORM, options: ['A', ' '] }, 0)).toBe('tooFew')
  expect(pollOf({ ...FORM, options: ['A', 'a '] }, 0)).toBe('twice')
  expect(pollOf({ ...FORM, within: 'at', at: '' }, 0)).toBe('badTime')
})

test('the most that may be chosen never exceeds what there is', () => {
  expect(pollOf({ ...FORM, many: true }, 0)).toMatchObject({ choices: 2 })
  expect(pollOf({ ...FORM, many: true, most: 9 }, 0)).toMatchObject({ choices: 2 })
  expect(pollOf({ ...FORM, many: true, mayAdd: true }, 0)).toMatchObject({ choices: 20 })
})
