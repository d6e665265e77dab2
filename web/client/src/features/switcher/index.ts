import { addMessages } from '../../i18n'
import en from '../../i18n/en/switcher.json'
import zh from '../../i18n/zh-CN/switcher.json'

addMessages('switcher', en, zh)

export { QuickSwitcher } from './QuickSwitcher'
