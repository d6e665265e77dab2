export { VanishChip } from './VanishChip'
export { VanishLine } from './VanishLine'
export { VanishMark } from './VanishMark'
export { VanishSetting } from './VanishSetting'
