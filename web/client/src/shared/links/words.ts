import { addMessages } from '../../i18n'
import en from '../../i18n/en/links.json'
import zh from '../../i18n/zh-CN/links.json'

addMessages('links', en, zh)
