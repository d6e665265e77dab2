import { getSchema, Mark, Node, type Extensions } from '@tiptap/core'
import { Blockquote } from '@tiptap/extension-blockquote'
import { Bold } from '@tiptap/extension-bold'
import { Code } from '@tiptap/extension-code'
import { CodeBlock } from '@tiptap/extension-code-block'
import { Document } from '@tiptap/extension-document'
import { Heading } from '@tiptap/extension-heading'
import { HorizontalRule } from '@tiptap/extension-horizontal-rule'
import { Italic } from '@tiptap/extension-italic'
import { BulletList, ListItem, OrderedList } from '@tiptap/extension-list'
import { Paragraph } from '@tiptap/extension-paragraph'
import { Strike } from '@tiptap/extension-strike'
import { Text } from '@tiptap/extension-text'

/** What may stand in a link; anything else is words without a link. */
export const SAFE_HREF = /^(?:https?:\/\/|mailto:)[^\s]+$/i
/** A person, everyone or a channel as the wire has it. */
export const WIRE_ID = /<(?:@(?:usr_[0-9a-z]{1,40}|all|here)|#cnv_[0-9a-z]{1,40})>/

/** A mention of people or a link to a channel: one character to the caret, a name to the reader. */
export const Mention = Node.create({
  name: 'mention',
  group: 'inline',
  inline: true,
  atom: true,
  selectable: false,
  addAttributes: () => ({ wire: { default: '', rendered: false } }),
  parseHTML: () => [
    {
      tag: 'span[data-wire]',
      getAttrs: (el) => {
        const wire = el.getAttribute('data-wire') ?? ''
        return WIRE_ID.exec(wire)?.[0] === wire ? { wire } : false
      },
    },
  ],
  renderHTML: ({ node }) => ['span', { 'data-wire': String(node.attrs['wire']) }, String(node.attrs['wire'])],
  renderText: ({ node }) => String(node.attrs['wire']),
})

const Link = Mark.create({
  name: 'link',
  inclusive: false,
  addAttributes: () => ({ href: { default: '', rendered: false } }),
  parseHTML: () => [
    {
      tag: 'a[href]',
      getAttrs: (el) => {
        const href = el.getAttribute('href') ?? ''
        return SAFE_HREF.test(href) ? { href } : false
      },
    },
  ],
  renderHTML: ({ mark }) => {
    const href = String(mark.attrs['href'])
    return ['a', SAFE_HREF.test(href) ? { href, title: href } : {}, 0]
  },
})

/** Markdown that has no other form here, such as a table: written and sent as it stands. */
const Source = Node.create({
  name: 'source',
  group: 'block',
  content: '(text | mention)*',
  marks: '',
  code: true,
  defining: true,
  parseHTML: () => [{ tag: 'pre[data-source]', preserveWhitespace: 'full', priority: 60 }],
  renderHTML: () => ['pre', { 'data-source': '' }, 0],
})

/** An item of a list; `checked` is null unless it is a task. */
const Item = ListItem.extend({
  addKeyboardShortcuts() {
    const next = () => (this.editor.getAttributes(this.name)['checked'] === null ? {} : { checked: false })
    return {
      Enter: () => this.editor.commands.splitListItem(this.name, next()),
      Tab: () => this.editor.commands.sinkListItem(this.name),
      'Shift-Tab': () => this.editor.commands.liftListItem(this.name),
    }
  },
  addAttributes: () => ({
    checked: {
      default: null,
      parseHTML: (el) => {
        const value = el.getAttribute('data-checked')
        return value === null ? null : value === 'true'
      },
      renderHTML: (attrs) => (attrs['checked'] === null ? {} : { 'data-checked': String(attrs['checked']) }),
    },
  }),
})

/** Code that can be bold or struck, as Markdown allows. */
const InlineCode = Code.extend({ excludes: '' })

/**
 * What a message can hold. A paragraph is one *line* of the wire text, an empty one a blank line: so lists and
 * quotes can be begun on every line, and a newline is a line break as readers see it.
 */
export const NODES: Extensions = [
  Document,
  Paragraph,
  Text,
  Heading,
  Blockquote,
  BulletList,
  OrderedList,
  Item,
  CodeBlock,
  Source,
  HorizontalRule,
  Mention,
  Link,
  Bold,
  Italic,
  Strike,
  InlineCode,
].map(withoutDefaults)

/** Rules and keys are the composer's own: the library's rules ask for spaces that Chinese does not have. */
function withoutDefaults(extension: Extensions[number]): Extensions[number] {
  const keepsKeys = extension.name === 'listItem' || extension.name === 'codeBlock'
  return (extension as Node).extend({
    addInputRules: () => [],
    addPasteRules: () => [],
    addProseMirrorPlugins: () => [],
    ...(keepsKeys ? {} : { addKeyboardShortcuts: () => ({}) }),
  })
}

/** The same without an editor, for conversions. */
export const schema = getSchema(NODES)
