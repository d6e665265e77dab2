import en from '../../i18n/en/sidebar.json'
import zh from '../../i18n/zh-CN/sidebar.json'
import { addMessages } from '../../i18n'

addMessages('sidebar', en, zh)

export { Sidebar } from './Sidebar'
