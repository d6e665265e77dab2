import { addMessages } from '../../i18n'
import en from '../../i18n/en/acks.json'
import zh from '../../i18n/zh-CN/acks.json'

// Confirmations are shown by several features; each brings their words with its chunk.
addMessages('acks', en, zh)
