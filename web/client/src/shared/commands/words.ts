import { addMessages } from '../../i18n'
import en from '../../i18n/en/commands.json'
import zh from '../../i18n/zh-CN/commands.json'

// The composer's commands and what they say; a command brings it with its chunk.
addMessages('commands', en, zh)
