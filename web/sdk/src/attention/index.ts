/** What calls me; a part of its own, loaded when it is used. */
export { type AwayNote, attention, Attention, type InboxKind, NO_ALERTS } from './attention'
export { alertText, findKeyword, Matcher, normal } from './match'
export { DEVICE, type Device, type Facts, levelByDefault, type Told, told, type Wishes } from './policy'
export { isQuiet, nextLook } from './quiet'
export { lead } from '../tabs'
