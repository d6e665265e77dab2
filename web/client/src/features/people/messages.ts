import en from '../../i18n/en/people.json'
import zh from '../../i18n/zh-CN/people.json'
import { addMessages } from '../../i18n'

addMessages('people', en, zh)
