// The commands of the composer, loaded with the first slash. A command of another part is registered by one line
// here, and brings its words; its work is a chunk of its own.
import '../../../../shared/commands/words'
import { register } from './registry'

const WORDS = 'commands'
const notDirect = ({ kind }: { kind: string }) => kind !== 'direct'

register({ name: 'code', aliases: ['代码'], words: WORDS, load: () => import('./code') })
register({ name: 'dnd', aliases: ['勿扰'], words: WORDS, load: () => import('./dnd') })
register({ name: 'invite', aliases: ['邀请'], words: WORDS, fits: notDirect, load: () => import('./invite') })
register({ name: 'me', words: WORDS, load: () => import('./me') })
register({ name: 'poll', aliases: ['投票'], words: WORDS, load: () => import('./poll') })
register({ name: 'remind', aliases: ['提醒'], words: WORDS, load: () => import('./remind') })
register({ name: 'shrug', words: WORDS, load: () => import('./shrug') })
register({ name: 'status', aliases: ['状态'], words: WORDS, load: () => import('./status') })
register({ name: 'topic', aliases: ['主题'], words: WORDS, fits: notDirect, load: () => import('./topic') })

export { choices, execute } from './execute'
