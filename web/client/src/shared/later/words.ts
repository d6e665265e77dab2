import { addMessages } from '../../i18n'
import en from '../../i18n/en/later.json'
import zh from '../../i18n/zh-CN/later.json'

// What is for later is met in several features; each brings the words with its chunk.
addMessages('later', en, zh)
