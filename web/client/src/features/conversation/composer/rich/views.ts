import type { Extensions, Node, NodeViewRenderer } from '@tiptap/core'

import type { Names } from '../useNames'
import css from './rich.module.css'
import { NODES } from './schema'

/** Words that the views show. */
export interface Words {
  someone: string
  language: string
  plainText: string
  done: string
}

/** The nodes of a message as they look while it is written. */
export function viewedNodes(names: Names, words: Words): Extensions {
  const views: Record<string, NodeViewRenderer> = {
    mention: chip(names, words),
    codeBlock: codeBlock(words),
    listItem: listItem(words),
  }
  return NODES.map((node) => {
    const view = views[node.name]
    return view ? (node as Node).extend({ addNodeView: () => view }) : node
  })
}

/** A mention under the name that it has now. */
const chip =
  (names: Names, words: Words): NodeViewRenderer =>
  ({ node }) => {
    const wire = String(node.attrs['wire'])
    const id = wire.slice(2, -1)
    const dom = document.createElement('span')
    dom.className = css.mention!
    dom.contentEditable = 'false'
    dom.dataset['wire'] = wire
    const show = () => (dom.textContent = wire[1] + (names.label(id) ?? words.someone))
    show()
    return { dom, destroy: names.watch(id, show) }
  }

/** Languages that are coloured when shown; others can be typed after the fence. */
const LANGUAGES =
  'bash c cpp csharp css diff dockerfile go html ini java javascript json kotlin markdown php python ruby rust sql swift typescript xml yaml'.split(
    ' ',
  )

/** Code with a choice of its language. */
const codeBlock =
  (words: Words): NodeViewRenderer =>
  ({ node, editor, getPos }) => {
    const dom = document.createElement('div')
    dom.className = css.codeBlock!
    const select = document.createElement('select')
    select.contentEditable = 'false'
    select.setAttribute('aria-label', words.language)
    const pre = dom.appendChild(document.createElement('pre'))
    const contentDOM = pre.appendChild(document.createElement('code'))
    dom.prepend(select)
    const show = (language: unknown) => {
      const now = typeof language === 'string' ? language : ''
      const all = ['', ...(LANGUAGES.includes(now) || !now ? LANGUAGES : [now, ...LANGUAGES])]
      select.replaceChildren(...all.map((name) => new Option(name || words.plainText, name)))
      select.value = now
    }
    show(node.attrs['language'])
    select.addEventListener('change', () => {
      const at = getPos()
      if (at === undefined) return
      editor.view.dispatch(editor.state.tr.setNodeAttribute(at, 'language', select.value || null))
      editor.view.focus()
    })
    return {
      dom,
      contentDOM,
      update(next) {
        if (next.type !== node.type) return false
        if (select.value !== (next.attrs['language'] ?? '')) show(next.attrs['language'])
        return true
      },
      stopEvent: (event) => event.target === select,
      ignoreMutation: (change) => !contentDOM.contains(change.target) || change.target === select,
    }
  }

/** An item of a list, with a box to tick when it is a task. */
const listItem =
  (words: Words): NodeViewRenderer =>
  ({ node, editor, getPos }) => {
    const isTask = node.attrs['checked'] !== null
    const dom = document.createElement('li')
    if (!isTask)
      return {
        dom,
        contentDOM: dom,
        update: (next) => next.type === node.type && next.attrs['checked'] === null,
      }
    dom.className = css.task!
    const box = document.createElement('input')
    box.type = 'checkbox'
    box.contentEditable = 'false'
    box.checked = node.attrs['checked'] === true
    box.setAttribute('aria-label', words.done)
    box.addEventListener('change', () => {
      const at = getPos()
      if (at !== undefined) editor.view.dispatch(editor.state.tr.setNodeAttribute(at, 'checked', box.checked))
    })
    const contentDOM = document.createElement('div')
    dom.append(box, contentDOM)
    return {
      dom,
      contentDOM,
      update(next) {
        if (next.type !== node.type || next.attrs['checked'] === null) return false
        box.checked = next.attrs['checked'] === true
        return true
      },
      stopEvent: (event) => event.target === box,
      ignoreMutation: (change) =>
        change.target === box || (change.target === dom && change.type === 'attributes'),
    }
  }
