import {
  Extension,
  InputRule,
  markInputRule,
  nodeInputRule,
  textblockTypeInputRule,
  wrappingInputRule,
} from '@tiptap/core'

/**
 * Markdown typed live. Unlike the library's own rules, marks need no space before them (`请**务必**看`); after a
 * Latin letter or digit they are taken for what they look like (`2*3*4`).
 */
export const Rules = Extension.create({
  name: 'composerRules',
  addInputRules() {
    const { nodes, marks } = this.editor.schema
    const mark = (find: RegExp, name: string) => markInputRule({ find, type: marks[name]! })
    return [
      mark(/(?<![A-Za-z0-9*\\])\*\*([^*\s](?:[^*]*[^*\s])?)\*\*$/, 'bold'),
      mark(/(?<![A-Za-z0-9*\\])\*([^*\s](?:[^*]*[^*\s])?)\*$/, 'italic'),
      mark(/(?<![A-Za-z0-9_\\])_([^_\s](?:[^_]*[^_\s])?)_$/, 'italic'),
      mark(/(?<![A-Za-z0-9~\\])~~([^~\s](?:[^~]*[^~\s])?)~~$/, 'strike'),
      mark(/(?<![`\\])`([^`]+)`$/, 'code'),
      link,
      textblockTypeInputRule({
        find: /^(#{1,6})\s$/,
        type: nodes['heading']!,
        getAttributes: (hit) => ({ level: hit[1]!.length }),
      }),
      textblockTypeInputRule({
        find: /^```([\w+#.-]*)\s$/,
        type: nodes['codeBlock']!,
        getAttributes: (hit) => ({ language: hit[1] || null }),
      }),
      wrappingInputRule({ find: /^[>》]\s$/, type: nodes['blockquote']! }),
      wrappingInputRule({ find: /^[-+*]\s$/, type: nodes['bulletList']! }),
      wrappingInputRule({
        find: /^(\d{1,9})[.)]\s$/,
        type: nodes['orderedList']!,
        getAttributes: (hit) => ({ start: Number(hit[1]) }),
        joinPredicate: (hit, list) => list.childCount + Number(list.attrs['start']) === Number(hit[1]),
      }),
      task,
      nodeInputRule({ find: /^(?:---|___|\*\*\*)\s$/, type: nodes['horizontalRule']! }),
    ]
  },
})

/** `[words](https://…)`. */
const link = new InputRule({
  find: /(?<![!\\])\[([^[\]]+)\]\(((?:https?:\/\/|mailto:)[^\s()]+)\)$/,
  handler: ({ state, range, match }) => {
    const mark = state.schema.marks['link']!.create({ href: match[2] })
    state.tr.replaceWith(range.from, range.to, state.schema.text(match[1]!, [mark])).removeStoredMark(mark)
  },
})

/** `[ ] ` at the start of a line or of a list's item. */
const task = new InputRule({
  find: /^\[( |x|X)?\]\s$/,
  handler: ({ chain, range, match, state }) => {
    const inItem = state.selection.$from.node(-1)?.type.name === 'listItem'
    const steps = chain().deleteRange(range)
    if (!inItem) steps.toggleList('bulletList', 'listItem')
    steps.updateAttributes('listItem', { checked: /x/i.test(match[1] ?? '') }).run()
  },
})
