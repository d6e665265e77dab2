import en from '../../i18n/en/channels.json'
import zh from '../../i18n/zh-CN/channels.json'
import { addMessages } from '../../i18n'

addMessages('channels', en, zh)
