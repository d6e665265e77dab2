import { addMessages } from '../../../i18n'
import en from '../../../i18n/en/topics.json'
import zh from '../../../i18n/zh-CN/topics.json'

addMessages('topics', en, zh)
