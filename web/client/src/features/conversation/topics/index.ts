export { MoveDialog } from './MoveDialog'
export { ThreadsView } from './ThreadsView'
export { TopicChip, TopicOption } from './TopicOption'
export { TopicsView } from './TopicsView'
