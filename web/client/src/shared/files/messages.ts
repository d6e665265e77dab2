import { addMessages } from '../../i18n'
import en from '../../i18n/en/files.json'
import zh from '../../i18n/zh-CN/files.json'

addMessages('files', en, zh)
