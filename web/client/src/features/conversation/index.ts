export { default } from './ConversationPage'
