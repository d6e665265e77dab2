import { addMessages } from '../../i18n'
import en from '../../i18n/en/conversation.json'
import zh from '../../i18n/zh-CN/conversation.json'

addMessages('conversation', en, zh)

export { default } from './ConversationPage'
