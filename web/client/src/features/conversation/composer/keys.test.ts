import { expect, it } from 'vitest'

import { ImeGuard, sends } from './keys'

const enter = (timeStamp: number, more = {}) => ({
  isComposing: false,
  keyCode: 13,
  key: 'Enter',
  timeStamp,
  ...more,
})

it('leaves keys to a composing input method', () => {
  const ime = new ImeGuard()
  expect(ime.owns(enter(0, { isComposing: true }))).toBe(true)
  expect(ime.owns(enter(0, { keyCode: 229 }))).toBe(true)
  ime.start()
  expect(ime.owns(enter(0))).toBe(true)
})
it('leaves the Enter that ended a composition to it, but not the next', () => {
  const ime = new ImeGuard()
  ime.start()
  ime.end(1000)
  expect(ime.owns(enter(1005))).toBe(true)
  expect(ime.owns(enter(1300))).toBe(false)
  expect(ime.owns(enter(1005, { ctrlKey: true }))).toBe(false)
})
it('sends by Enter or Ctrl-Enter, never with Shift', () => {
  const keys = (k: object) => ({ shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...k })
  expect(sends(keys({}), 'enter')).toBe(true)
  expect(sends(keys({}), 'ctrl_enter')).toBe(false)
  expect(sends(keys({ metaKey: true }), 'ctrl_enter')).toBe(true)
  expect(sends(keys({ shiftKey: true }), 'enter')).toBe(false)
})
