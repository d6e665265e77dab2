export { Markdown, MarkdownSlotsProvider, type MarkdownSlots } from './Markdown'
export { nodesText } from './nodes'
export { parseMarkdown } from './parse'
