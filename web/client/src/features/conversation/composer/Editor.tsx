import { cx, IconButton } from '@weft/ui'
import { CaseSensitive, Smile } from 'lucide-react'
import {
  Suspense,
  useCallback,
  useId,
  useImperativeHandle,
  useRef,
  useState,
  type ReactNode,
  type Ref,
} from 'react'
import { useTranslation } from 'react-i18next'

import { useSetting } from '../../../shared/hooks'
import { mod } from '../../../shared/keys'
import { useEnterBehaviour } from '../../../shared/preferences'
import { EmojiPopover } from '../parts'
import { CompletionMenu } from './CompletionMenu'
import css from './composer.module.css'
import type { Format } from './format'
import { sends } from './keys'
import { LIMIT, type KeyPlace, type SurfaceHandle } from './surface'
import { FORMAT_KEYS, Toolbar } from './Toolbar'
import type { Trigger } from './trigger'
import { useCompletion, type Choice } from './useCompletion'
import type { CommandList } from './useCommands'
import type { ComposerText } from './useComposerText'
import { useSurface } from './useSurface'

export type EditorHandle = Pick<SurfaceHandle, 'focus' | 'focused'>

interface Props {
  value: ComposerText
  label: string
  memberCount: number
  /** What a slash at the beginning offers. */
  commands?: CommandList
  onSubmit: () => void
  /** Ctrl/⌘-Shift-Enter: when to send. */
  onLater?: () => void
  /** ↑ in an empty text. */
  onUp?: () => void
  onEscape?: () => void
  onTyping?: () => void
  onBlur?: () => void
  /** Takes what is pasted before the text does, such as files; true when it has. */
  onPaste?: (data: DataTransfer) => boolean
  /** Stands over the text: what is quoted, cards of what will be sent along. */
  above?: ReactNode
  actions: ReactNode
  autoFocus?: boolean
  ref?: Ref<EditorHandle>
}

const NO_FORMATS: ReadonlySet<Format> = new Set()

/** The box that a message is written in: a surface to type on, with toolbar, completion, emoji and counter. */
export function Editor(props: Props) {
  const { value, label, onSubmit } = props
  const { t } = useTranslation('conversation')
  const [enter] = useEnterBehaviour()
  const [toolbar, setToolbar] = useSetting('composer.toolbar', false)
  const [trigger, setTrigger] = useState<Trigger | null>(null)
  const [active, setActive] = useState(0)
  const [formats, setFormats] = useState(NO_FORMATS)
  const [picker, setPicker] = useState<Element | null>(null)
  const surface = useRef<SurfaceHandle>(null)
  const { Surface, focus, watch } = useSurface(value, surface, props.autoFocus ?? false)
  const menuId = useId()
  const choices = useCompletion(trigger, props.memberCount, props.commands)
  const open = trigger !== null && choices.length > 0
  const at = Math.min(active, choices.length - 1)

  useImperativeHandle(props.ref, () => ({
    focus: () => surface.current?.focus(),
    focused: () => surface.current?.focused() ?? false,
  }))

  const onTrigger = useCallback((next: Trigger | null) => {
    setTrigger((now) => (now?.start === next?.start && now?.query === next?.query ? now : next))
    setActive(0)
  }, [])
  const pick = (choice: Choice | undefined) => {
    if (trigger && choice) surface.current?.pick(trigger, choice)
    setTrigger(null)
  }
  const format = (f: Format) => surface.current?.format(f)

  const onKey = (event: KeyboardEvent, place: KeyPlace): boolean => {
    const close = () => setTrigger(null)
    if (open && menuKey(event, choices.length, at, setActive, () => pick(choices[at]), close)) return true
    if (event.key === 'Enter') {
      const held = event.ctrlKey || event.metaKey
      if (held && event.shiftKey && props.onLater) {
        props.onLater()
        return true
      }
      if (!sends(event, enter === 'send' ? 'enter' : 'ctrl_enter') || (place.inCode && !held)) return false
      onSubmit()
    } else if (event.key === 'Escape' && props.onEscape) props.onEscape()
    else if (event.key === 'ArrowUp' && place.empty && props.onUp && !event.shiftKey) props.onUp()
    else {
      const f = mod(event) && FORMAT_KEYS[(event.shiftKey ? 'shift+' : '') + event.key.toLowerCase()]
      if (!f) return false
      format(f)
    }
    return true
  }
  const length = value.text.length

  return (
    <div className={css.editor}>
      {open && <CompletionMenu id={menuId} choices={choices} active={at} onHover={setActive} onPick={pick} />}
      {toolbar && <Toolbar active={formats} onFormat={format} />}
      {props.above}
      <div {...watch}>
        <Surface
          ref={surface}
          value={value}
          label={label}
          autoFocus={focus}
          menu={open ? { id: menuId, active: `${menuId}-${at}` } : null}
          onKey={onKey}
          onTrigger={onTrigger}
          onTyping={() => props.onTyping?.()}
          onBlur={() => {
            setTrigger(null)
            props.onBlur?.()
          }}
          {...(toolbar ? { onFormats: setFormats } : {})}
          {...(props.onPaste ? { onPaste: props.onPaste } : {})}
        />
      </div>
      <div className={css.bar}>
        <IconButton
          size="s"
          side="top"
          label={t('formatting')}
          active={toolbar}
          aria-pressed={toolbar}
          icon={<CaseSensitive size={18} />}
          onPointerDown={(e) => e.preventDefault()}
          onClick={() => setToolbar(!toolbar)}
        />
        <IconButton
          size="s"
          side="top"
          label={t('emoji')}
          icon={<Smile size={18} />}
          onPointerDown={(e) => e.preventDefault()}
          onClick={(e) => setPicker(e.currentTarget)}
        />
        <span className={cx(css.count, length > LIMIT && css.over)} aria-live="polite">
          {length > LIMIT
            ? t('charactersOver', { count: length - LIMIT })
            : length > LIMIT - 2_000
              ? t('charactersLeft', { count: LIMIT - length })
              : ''}
        </span>
        {props.actions}
      </div>
      {picker && (
        <Suspense fallback={null}>
          <EmojiPopover
            anchor={picker}
            onPick={(e) => surface.current?.insert(e.startsWith(':') ? `${e} ` : e)}
            onClose={() => setPicker(null)}
          />
        </Suspense>
      )}
    </div>
  )
}

function menuKey(
  event: KeyboardEvent,
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
  return true
}
