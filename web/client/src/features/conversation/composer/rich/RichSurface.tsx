import { Editor } from '@tiptap/core'
import { ListKeymap } from '@tiptap/extension-list'
import { UndoRedo } from '@tiptap/extensions'
import { EditorState, Selection } from '@tiptap/pm/state'
import type { EditorView } from '@tiptap/pm/view'
import { toast } from '@weft/ui'
import { useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import md from '../../../../lib/markdown/markdown.module.css'
import area from '../composer.module.css'
import { ImeGuard } from '../keys'
import { LIMIT, type SurfaceProps } from '../surface'
import { triggerAt, type Trigger } from '../trigger'
import type { Choice } from '../useCompletion'
import { useNames } from '../useNames'
import { applyRichFormat, formatsAt } from './formats'
import { fromMarkdown } from './fromMarkdown'
import { LinkDialog } from './LinkDialog'
import { pasteRich } from './paste'
import css from './rich.module.css'
import { Rules } from './rules'
import { schema } from './schema'
import { toClipboard, toMarkdown } from './toMarkdown'
import { viewedNodes } from './views'

/** Writes a message as it will look. The document is Markdown to everybody else: that is what goes out. */
export function RichSurface(props: SurfaceProps) {
  const { t, i18n } = useTranslation('conversation')
  const names = useNames()
  const host = useRef<HTMLDivElement>(null)
  const made = useRef<Editor | null>(null)
  const [linking, setLinking] = useState(false)
  const latest = useRef(props)
  useLayoutEffect(() => {
    latest.current = props
  })

  useLayoutEffect(() => {
    const editor = makeEditor({
      element: host.current!,
      props: latest,
      nodes: viewedNodes(names, {
        someone: t('someone'),
        language: t('codeLanguage'),
        plainText: t('codePlain'),
        done: t('taskDone'),
      }),
      tooLong: () =>
        toast({ tone: 'danger', text: t('pasteTooLong', { limit: LIMIT.toLocaleString(i18n.language) }) }),
    })
    made.current = editor
    if (latest.current.autoFocus) focusEnd(editor)
    return () => {
      made.current = null
      editor.destroy()
    }
    // A change of language begins anew, with what is written by then.
  }, [names, t, i18n])

  useImperativeHandle(props.ref, () => ({
    focused: () => document.hasFocus() && (made.current?.view.hasFocus() ?? false),
    focus: () => made.current && focusEnd(made.current),
    format(f) {
      const editor = made.current
      if (!editor) return
      if (f !== 'link') applyRichFormat(editor, f)
      else if (!editor.state.selection.$from.parent.type.spec.code) setLinking(true)
    },
    insert(text) {
      const editor = made.current
      editor?.view.dispatch(editor.state.tr.insertText(text).scrollIntoView())
      editor?.view.focus()
    },
    pick: (trigger, choice) => made.current && pick(made.current.view, trigger, choice),
  }))

  const { loads, wire } = props.value
  const shown = useRef(loads)
  useLayoutEffect(() => {
    if (shown.current === loads || !made.current) return
    shown.current = loads
    show(made.current, wire())
    latest.current.onFormats?.(formatsAt(made.current))
  }, [loads, wire])

  const { menu } = props
  useEffect(() => {
    const dom = made.current?.view.dom
    for (const [name, value] of [
      ['aria-controls', menu?.id],
      ['aria-activedescendant', menu?.active],
    ] as const) {
      if (value) dom?.setAttribute(name, value)
      else dom?.removeAttribute(name)
    }
  }, [menu?.id, menu?.active])
  const wantsFormats = props.onFormats
  useEffect(() => {
    if (made.current) wantsFormats?.(formatsAt(made.current))
  }, [wantsFormats])

  return (
    <>
      <div ref={host} className={css.host} />
      {linking && made.current && <LinkDialog editor={made.current} onClose={() => setLinking(false)} />}
    </>
  )
}

interface Making {
  element: Element
  props: { current: SurfaceProps }
  nodes: ReturnType<typeof viewedNodes>
  tooLong: () => void
}

function makeEditor({ element, props, nodes, tooLong }: Making): Editor {
  const ime = new ImeGuard()
  let passing = false
  /** Shift-Enter, or Enter where Ctrl-Enter sends: what Enter does in text. */
  const newLine = (view: EditorView) => {
    passing = true
    view.someProp('handleKeyDown', (handle) => handle(view, new KeyboardEvent('keydown', { key: 'Enter' })))
    passing = false
  }
  const look = (editor: Editor, moved: boolean) => {
    if (!moved || props.current.menu) props.current.onTrigger(triggerIn(editor.state))
    props.current.onFormats?.(formatsAt(editor))
  }
  return new Editor({
    element,
    extensions: [...nodes, Rules, ListKeymap, UndoRedo],
    injectCSS: false,
    content: fromMarkdown(schema, props.current.value.wire()).toJSON(),
    onUpdate: ({ editor }) => {
      props.current.value.typed(toMarkdown(editor.state.doc))
      props.current.onTyping()
      look(editor, false)
    },
    onSelectionUpdate: ({ editor, transaction }) => {
      if (!transaction.docChanged) look(editor, true)
    },
    onBlur: () => props.current.onBlur(),
    editorProps: {
      attributes: (state) => ({
        class: `${area.area} ${md.md} ${css.text}`,
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-autocomplete': 'list',
        'aria-label': props.current.label,
        'data-placeholder': isEmpty(state) ? props.current.label : '',
      }),
      handleDOMEvents: {
        compositionstart: () => void ime.start(),
        compositionend: (_, event) => void ime.end(event.timeStamp),
      },
      handleKeyDown(view, event) {
        if (passing) return false
        if (ime.owns(event)) return event.key === 'Enter'
        const inCode = view.state.selection.$from.parent.type.spec.code === true
        if (event.key === 'Enter' && openFence(view)) return true
        if (props.current.onKey(event, { empty: isEmpty(view.state), inCode })) {
          event.stopPropagation()
          return true
        }
        if (event.key !== 'Enter' || event.altKey) return false
        newLine(view)
        return true
      },
      handlePaste(view, event) {
        const data = event.clipboardData
        if (!data) return false
        if (props.current.onPaste?.(data)) return true
        const done = pasteRich(
          view,
          data,
          (view as EditorView & { input: { shiftKey: boolean } }).input.shiftKey,
        )
        if (done === 'too_long') tooLong()
        return done !== false
      },
      clipboardTextSerializer: (slice, view) =>
        toClipboard(view.state.schema.topNodeType.create(null, slice.content)),
    },
  })
}

/** At once: the library's own command waits for a frame, in which the focus may have been given elsewhere. */
function focusEnd({ view, state }: Editor): void {
  view.dispatch(state.tr.setSelection(Selection.atEnd(state.doc)).scrollIntoView())
  view.focus()
}

/** Shows a text that came from elsewhere; there is nothing to undo in it yet. */
function show(editor: Editor, text: string): void {
  const { view, state, schema } = editor
  const doc = fromMarkdown(schema, text)
  const plugins = state.plugins
  view.updateState(EditorState.create({ doc, plugins, selection: Selection.atEnd(doc) }))
}

const isEmpty = ({ doc }: EditorState) =>
  doc.childCount === 1 && doc.firstChild!.type.name === 'paragraph' && doc.firstChild!.content.size === 0

/** The completion that the text before the caret asks for. */
function triggerIn({ selection }: EditorState): Trigger | null {
  const { $from, empty } = selection
  const inCode = $from.parent.type.name === 'codeBlock' || $from.marks().some((m) => m.type.name === 'code')
  if (!empty || inCode) return null
  const before = $from.parent.textBetween(
    Math.max(0, $from.parentOffset - 40),
    $from.parentOffset,
    '\n',
    '\ufffc',
  )
  const first = $from.depth === 1 && $from.index(0) === 0 && $from.parentOffset <= 40
  const trigger = triggerAt(before, before.length, first && $from.parent.type.name === 'paragraph')
  return trigger && { ...trigger, start: $from.pos - trigger.query.length - 1 }
}

function pick(view: EditorView, trigger: Trigger, choice: Choice): void {
  const { state } = view
  const { schema } = state
  const to = trigger.start + 1 + trigger.query.length
  const what = choice.wire
    ? schema.nodes['mention']!.create({ wire: choice.wire })
    : schema.text(choice.label, state.selection.$from.marks())
  view.dispatch(state.tr.replaceWith(trigger.start, to, [what, schema.text(' ')]).scrollIntoView())
  view.focus()
}

/** Enter after three backticks, and perhaps a language, begins a block of code. */
function openFence(view: EditorView): boolean {
  const { state } = view
  const { $from, empty } = state.selection
  const hit =
    empty && $from.parent.type.name === 'paragraph' && /^```([\w+#.-]*)$/.exec($from.parent.textContent)
  if (!hit || $from.parentOffset !== $from.parent.content.size) return false
  const code = state.schema.nodes['codeBlock']!
  const tr = state.tr.delete($from.start(), $from.end())
  view.dispatch(tr.setBlockType($from.start(), $from.start(), code, { language: hit[1] || null }))
  return true
}
