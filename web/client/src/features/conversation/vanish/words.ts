import { addMessages } from '../../../i18n'
import en from '../../../i18n/en/vanish.json'
import zh from '../../../i18n/zh-CN/vanish.json'

addMessages('vanish', en, zh)
