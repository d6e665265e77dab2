import { cx, IconButton } from '@weft/ui'
import { CaseSensitive, Smile } from 'lucide-react'
import {
  Suspense,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  type ReactNode,
  type Ref,
} from 'react'
import { useTranslation } from 'react-i18next'

import { useSetting } from '../../../shared/hooks'
import { useEnterBehaviour } from '../../../shared/preferences'
import { EmojiPopover } from '../parts'
import { CompletionMenu } from './CompletionMenu'
import css from './composer.module.css'
import { applyFormat, continueList, inFence, type Format } from './format'
import { applyEdit, insertText } from './insert'
import { ImeGuard, sends } from './keys'
import { pasteText } from './paste'
import { FORMAT_KEYS, Toolbar } from './Toolbar'
import { triggerAt, type Trigger } from './trigger'
import { useCompletion, type Choice } from './useCompletion'
import type { useText } from './useText'

export interface EditorHandle {
  focus(): void
  /** Whether the caret is in the text, in a window that has the focus. */
  focused(): boolean
}

interface Props {
  value: ReturnType<typeof useText>
  label: string
  memberCount: number
  onSubmit: () => void
  /** ↑ in an empty text. */
  onUp?: () => void
  onEscape?: () => void
  onTyping?: () => void
  onBlur?: () => void
  above?: ReactNode
  actions: ReactNode
  autoFocus?: boolean
  ref?: Ref<EditorHandle>
}

/** The text box: Markdown with a toolbar, completion of people, channels and emoji, safe with input methods. */
export function Editor(props: Props) {
  const { value, label, onSubmit } = props
  const { t } = useTranslation('conversation')
  const [enter] = useEnterBehaviour()
  const [toolbar, setToolbar] = useSetting('composer.toolbar', false)
  const [trigger, setTrigger] = useState<Trigger | null>(null)
  const [active, setActive] = useState(0)
  const [picker, setPicker] = useState<Element | null>(null)
  const area = useRef<HTMLTextAreaElement>(null)
  const ime = useRef(new ImeGuard())
  const menuId = useId()
  const choices = useCompletion(trigger, props.memberCount)
  const open = trigger !== null && choices.length > 0
  const at = Math.min(active, choices.length - 1)

  useImperativeHandle(props.ref, () => ({
    focused: () => document.hasFocus() && document.activeElement === area.current,
    focus() {
      const el = area.current
      el?.focus()
      el?.setSelectionRange(el.value.length, el.value.length)
    },
  }))
  useLayoutEffect(() => {
    if (props.autoFocus) {
      area.current?.focus({ preventScroll: true })
      area.current?.setSelectionRange(value.text.length, value.text.length)
    }
    // Once, on appearing.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [])
  useAutoHeight(area, value.text)

  const look = (el: HTMLTextAreaElement) => {
    const next = el.selectionStart === el.selectionEnd ? triggerAt(el.value, el.selectionStart) : null
    setTrigger((now) => (now?.start === next?.start && now?.query === next?.query ? now : next))
    setActive(0)
  }
  const pick = (choice: Choice | undefined) => {
    const el = area.current
    if (!el || !trigger || !choice) return
    const sign = choice.kind === 'emoji' ? '' : choice.kind === 'channel' ? '#' : '@'
    const words = sign + choice.label
    const to = trigger.start + 1 + trigger.query.length
    const end = trigger.start + words.length
    applyEdit(el, { from: trigger.start, to, insert: `${words} `, select: [end + 1, end + 1] })
    if (choice.wire) value.mention({ start: trigger.start, end, wire: choice.wire })
    setTrigger(null)
  }
  const format = (f: Format) => {
    const el = area.current
    if (el) applyEdit(el, applyFormat(f, { text: el.value, start: el.selectionStart, end: el.selectionEnd }))
  }

  const onKeyDown = (event: React.KeyboardEvent<HTMLTextAreaElement>) => {
    const el = event.currentTarget
    if (ime.current.owns(event.nativeEvent)) return
    if (
      open &&
      menuKey(
        event,
        choices.length,
        at,
        setActive,
        () => pick(choices[at]),
        () => setTrigger(null),
      )
    )
      return
    if (event.key === 'Enter') return onEnter(event, el)
    if (event.key === 'Escape' && props.onEscape) {
      event.preventDefault()
      event.stopPropagation()
      props.onEscape()
    } else if (event.key === 'ArrowUp' && el.value === '' && props.onUp && !event.shiftKey) {
      event.preventDefault()
      props.onUp()
    } else if ((event.ctrlKey || event.metaKey) && !event.altKey) {
      const f = FORMAT_KEYS[(event.shiftKey ? 'shift+' : '') + event.key.toLowerCase()]
      if (!f) return
      event.preventDefault()
      event.stopPropagation()
      format(f)
    }
  }
  const onEnter = (event: React.KeyboardEvent, el: HTMLTextAreaElement) => {
    const fenced = inFence(el.value, el.selectionStart)
    const mod = event.ctrlKey || event.metaKey
    // Inside a code fence a plain Enter is a new line, whatever sends otherwise.
    if (sends(event, enter === 'send' ? 'enter' : 'ctrl_enter') && (!fenced || mod)) {
      event.preventDefault()
      onSubmit()
      return
    }
    const edit = fenced
      ? null
      : continueList({ text: el.value, start: el.selectionStart, end: el.selectionEnd })
    if (!edit) return
    event.preventDefault()
    applyEdit(el, edit)
  }
  const onPaste = (event: React.ClipboardEvent<HTMLTextAreaElement>) => {
    const el = event.currentTarget
    const data = event.clipboardData
    const text = data.getData('text/plain')
    const rich = inFence(el.value, el.selectionStart)
      ? null
      : pasteText({ html: data.getData('text/html'), text })
    const insert = rich ?? (text.length > 5_000 ? text.replace(/\r\n?/g, '\n') : null)
    if (insert === null) return
    event.preventDefault()
    insertText(el, insert)
  }

  return (
    <div className={css.editor}>
      {open && <CompletionMenu id={menuId} choices={choices} active={at} onHover={setActive} onPick={pick} />}
      {toolbar && <Toolbar onFormat={format} />}
      {props.above}
      <textarea
        ref={area}
        className={css.area}
        value={value.text}
        aria-label={label}
        placeholder={label}
        rows={1}
        aria-autocomplete="list"
        aria-controls={open ? menuId : undefined}
        aria-activedescendant={open ? `${menuId}-${at}` : undefined}
        onChange={(e) => {
          value.typed(e.target.value, e.target.selectionStart)
          look(e.target)
          props.onTyping?.()
        }}
        onSelect={(e) => trigger && look(e.currentTarget)}
        onBlur={() => {
          setTrigger(null)
          props.onBlur?.()
        }}
        onCompositionStart={() => ime.current.start()}
        onCompositionEnd={(e) => ime.current.end(e.timeStamp)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
      />
      <div className={css.bar}>
        <IconButton
          size="s"
          side="top"
          label={t('formatting')}
          active={toolbar}
          aria-pressed={toolbar}
          icon={<CaseSensitive size={18} />}
          onClick={() => setToolbar(!toolbar)}
        />
        <IconButton
          size="s"
          side="top"
          label={t('emoji')}
          icon={<Smile size={18} />}
          onClick={(e) => setPicker(e.currentTarget)}
        />
        <span className={cx(css.count, value.text.length > LIMIT && css.over)} aria-live="polite">
          {value.text.length > LIMIT
            ? t('charactersOver', { count: value.text.length - LIMIT })
            : value.text.length > LIMIT - 2_000
              ? t('charactersLeft', { count: LIMIT - value.text.length })
              : ''}
        </span>
        {props.actions}
      </div>
      {picker && (
        <Suspense fallback={null}>
          <EmojiPopover
            anchor={picker}
            onPick={(e) => area.current && insertText(area.current, e)}
            onClose={() => setPicker(null)}
          />
        </Suspense>
      )}
    </div>
  )
}

/** Characters the server takes. */
export const LIMIT = 40_000

function menuKey(
  event: React.KeyboardEvent,
  count: number,
  at: number,
  move: (index: number) => void,
  pick: () => void,
  close: () => void,
): boolean {
  if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return false
  if (event.key === 'ArrowDown') move((at + 1) % count)
  else if (event.key === 'ArrowUp') move((at - 1 + count) % count)
  else if (event.key === 'Enter' || event.key === 'Tab') pick()
  else if (event.key === 'Escape') close()
  else return false
  event.preventDefault()
  event.stopPropagation()
  return true
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
