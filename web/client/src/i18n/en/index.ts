export { default as app } from './app.json'
export { default as common } from './common.json'
export { default as conversation } from './conversation.json'
export { default as sidebar } from './sidebar.json'
