import {
  Extension,
  InputRule,
  markInputRule,
  nodeInputRule,
  textblockTypeInputRule,
  wrappingInputRule,
} from '@tiptap/core'
import { TextSelection } from '@tiptap/pm/state'

/**
 * Markdown typed live. Unlike the library's own rules, marks need no space before them (`请**务必**看`); after a
 * Latin letter or digit they are taken for what they look like (`2*3*4`).
 */
export const Rules = Extension.create({
  name: 'composerRules',
  addInputRules() {
    const { nodes, marks } = this.editor.schema
    const mark = (sign: RegExp, name: string) =>
      markInputRule({ find: outOfFormula(sign), type: marks[name]! })
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
      formula,
      nodeInputRule({ find: /^(?:---|___|\*\*\*)\s$/, type: nodes['horizontalRule']! }),
    ]
  },
})

/** A dollar and what follows it in the same word may become a formula, in which the signs of marks are TeX. */
const outOfFormula = (sign: RegExp) => (text: string) => {
  const hit = sign.exec(text)
  if (!hit || /\$[^\s$]+$/.test(text.slice(0, hit.index))) return null
  return { index: hit.index, text: hit[0], replaceWith: hit[1]! }
}

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

/** `$$` on a line of its own begins a formula of several lines. */
const formula = new InputRule({
  find: /^\$\$\s$/,
  handler: ({ state, range }) => {
    const { $from } = state.selection
    const source = state.schema.nodes['source']!.create(null, state.schema.text('$$\n\n$$'))
    state.tr.replaceWith($from.before(), $from.after(), source)
    state.tr.setSelection(TextSelection.create(state.tr.doc, range.from + 3))
  },
})
