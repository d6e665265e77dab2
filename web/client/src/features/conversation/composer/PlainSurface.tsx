import { useImperativeHandle, useLayoutEffect, useRef } from 'react'

import css from './composer.module.css'
import { applyFormat, continueList, inFence } from './format'
import { applyEdit, insertText } from './insert'
import { ImeGuard } from './keys'
import type { SurfaceProps } from './surface'
import { triggerAt } from './trigger'
import { usePlainText } from './usePlainText'

/** A text box with Markdown: for those who want it so, and for the moment until the rich one is here. */
export function PlainSurface(props: SurfaceProps) {
  const { label, menu } = props
  const value = usePlainText(props.value)
  const area = useRef<HTMLTextAreaElement>(null)
  const ime = useRef(new ImeGuard())

  useImperativeHandle(props.ref, () => ({
    focused: () => document.hasFocus() && document.activeElement === area.current,
    focus() {
      const el = area.current
      el?.focus()
      el?.setSelectionRange(el.value.length, el.value.length)
    },
    format(f) {
      const el = area.current
      if (el)
        applyEdit(el, applyFormat(f, { text: el.value, start: el.selectionStart, end: el.selectionEnd }))
    },
    insert: (text) => area.current && insertText(area.current, text),
    pick(trigger, choice) {
      if (!area.current) return
      const sign = { emoji: '', command: '', channel: '#', person: '@', everyone: '@' }[choice.kind]
      const words = sign + choice.label
      const to = trigger.start + 1 + trigger.query.length
      const end = trigger.start + words.length
      applyEdit(area.current, { from: trigger.start, to, insert: `${words} `, select: [end + 1, end + 1] })
      if (choice.wire) value.mention({ start: trigger.start, end, wire: choice.wire })
    },
  }))
  useLayoutEffect(() => {
    if (!props.autoFocus) return
    area.current?.focus({ preventScroll: true })
    area.current?.setSelectionRange(value.text.length, value.text.length)
    // Once, on appearing.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [])
  useAutoHeight(area, value.text)

  const look = (el: HTMLTextAreaElement) =>
    props.onTrigger(el.selectionStart === el.selectionEnd ? triggerAt(el.value, el.selectionStart) : null)
  const onKeyDown = (event: React.KeyboardEvent<HTMLTextAreaElement>) => {
    const el = event.currentTarget
    if (ime.current.owns(event.nativeEvent)) return
    const inCode = inFence(el.value, el.selectionStart)
    if (props.onKey(event.nativeEvent, { empty: el.value === '', inCode })) {
      event.preventDefault()
      event.stopPropagation()
      return
    }
    const goesOn = event.key === 'Enter' && !inCode
    const edit = goesOn && continueList({ text: el.value, start: el.selectionStart, end: el.selectionEnd })
    if (!edit) return
    event.preventDefault()
    applyEdit(el, edit)
  }
  const onPaste = (event: React.ClipboardEvent<HTMLTextAreaElement>) => {
    const el = event.currentTarget
    if (props.onPaste?.(event.clipboardData)) return event.preventDefault()
    const html = inFence(el.value, el.selectionStart) ? '' : event.clipboardData.getData('text/html')
    const text = event.clipboardData.getData('text/plain').replace(/\r\n?/g, '\n')
    if (!html && text.length <= 5_000) return
    event.preventDefault()
    if (!html) return insertText(el, text)
    import('./paste').then(
      ({ pasteText }) => insertText(el, pasteText({ html, text }) ?? text),
      () => insertText(el, text),
    )
  }

  return (
    <textarea
      ref={area}
      className={css.area}
      value={value.text}
      aria-label={label}
      placeholder={label}
      rows={1}
      aria-autocomplete="list"
      aria-controls={menu?.id}
      aria-activedescendant={menu?.active}
      onChange={(e) => {
        value.typed(e.target.value, e.target.selectionStart)
        look(e.target)
        props.onTyping()
      }}
      onSelect={(e) => menu && look(e.currentTarget)}
      onBlur={props.onBlur}
      onCompositionStart={() => ime.current.start()}
      onCompositionEnd={(e) => ime.current.end(e.timeStamp)}
      onKeyDown={onKeyDown}
      onPaste={onPaste}
    />
  )
}

/** Browsers without `field-sizing` get the height by measuring. */
function useAutoHeight(area: React.RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const el = area.current
    if (!el || CSS.supports('field-sizing', 'content')) return
    el.style.height = 'auto'
    el.style.height = `${el.scrollHeight}px`
  }, [area, text])
}
