import './messages'

export { CreateChannelDialog } from './CreateChannelDialog'
export { NewMessageDialog } from './NewMessageDialog'
export { AddPeopleDialog } from './AddPeopleDialog'
