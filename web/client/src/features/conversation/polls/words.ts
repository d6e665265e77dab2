import { addMessages } from '../../../i18n'
import en from '../../../i18n/en/polls.json'
import zh from '../../../i18n/zh-CN/polls.json'

addMessages('polls', en, zh)
