import { addMessages } from '../../i18n'
import en from '../../i18n/en/attention.json'
import zh from '../../i18n/zh-CN/attention.json'

// What calls one is shown by several features; each brings the words with its chunk.
addMessages('attention', en, zh)
