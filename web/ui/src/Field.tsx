import { useId, useState, type ComponentProps, type ReactNode } from 'react'
import { Eye, EyeOff } from 'lucide-react'
import { IconButton } from './Button'
import { useUiText } from './text'
import { cx } from './cx'
import s from './Field.module.css'

interface FieldFrame {
  label: string
  /** Help under the field; an error takes its place. */
  hint?: ReactNode
  error?: string | undefined
  /** The label is for readers only. */
  quiet?: boolean
}

function Frame({
  id,
  label,
  hint,
  error,
  quiet,
  children,
}: FieldFrame & { id: string; children: ReactNode }) {
  return (
    <div className={s.field}>
      <label htmlFor={id} className={cx(s.label, quiet && 'visually-hidden')}>
        {label}
      </label>
      {children}
      {(error || hint) && (
        <div id={`${id}-note`} className={cx(s.note, error && s.error)} role={error ? 'alert' : undefined}>
          {error ?? hint}
        </div>
      )}
    </div>
  )
}

const described = (id: string, frame: FieldFrame) => ({
  id,
  'aria-invalid': frame.error ? true : undefined,
  'aria-describedby': frame.error || frame.hint ? `${id}-note` : undefined,
})

/** A labelled line of text; a password gets a button that shows it. */
export function TextField(props: FieldFrame & ComponentProps<'input'> & { before?: ReactNode }) {
  const { label, hint, error, quiet, before, className, type = 'text', ...rest } = props
  const auto = useId()
  const id = rest.id ?? auto
  const text = useUiText()
  const [shown, setShown] = useState(false)
  const frame = { label, hint, error, quiet: quiet ?? false } as FieldFrame
  return (
    <Frame id={id} {...frame}>
      <div className={cx(s.box, type === 'search' && s.search, error && s.invalid, className)}>
        {before && <span className={s.before}>{before}</span>}
        <input
          {...rest}
          {...described(id, frame)}
          type={type === 'password' && shown ? 'text' : type}
          className={s.input}
        />
        {type === 'password' && (
          <IconButton
            size="s"
            label={shown ? text.hidePassword : text.showPassword}
            icon={shown ? <EyeOff size={16} /> : <Eye size={16} />}
            onClick={() => setShown(!shown)}
          />
        )}
      </div>
    </Frame>
  )
}

/** Several lines of text. */
export function TextArea(props: FieldFrame & ComponentProps<'textarea'>) {
  const { label, hint, error, quiet, className, ...rest } = props
  const auto = useId()
  const id = rest.id ?? auto
  const frame = { label, hint, error, quiet: quiet ?? false } as FieldFrame
  return (
    <Frame id={id} {...frame}>
      <textarea
        rows={3}
        {...rest}
        {...described(id, frame)}
        className={cx(s.box, s.area, error && s.invalid, className)}
      />
    </Frame>
  )
}

/** One of a short list, by the platform's own control; `plain` for one in each row of a list. */
export function SelectField(props: FieldFrame & ComponentProps<'select'> & { plain?: boolean }) {
  const { label, hint, error, quiet, plain, className, children, ...rest } = props
  const auto = useId()
  const id = rest.id ?? auto
  const frame = { label, hint, error, quiet: quiet ?? false } as FieldFrame
  return (
    <Frame id={id} {...frame}>
      <select
        {...rest}
        {...described(id, frame)}
        className={cx(s.box, s.select, plain && s.plain, error && s.invalid, className)}
      >
        {children}
      </select>
    </Frame>
  )
}

/** Yes or no, in force at once. */
export function Switch(props: {
  label: string
  hint?: ReactNode
  checked: boolean
  disabled?: boolean
  onChange: (on: boolean) => void
}) {
  return (
    <label className={s.switch}>
      <span>
        {props.label}
        {props.hint && <small className={s.note}>{props.hint}</small>}
      </span>
      <input
        type="checkbox"
        role="switch"
        checked={props.checked}
        disabled={props.disabled}
        onChange={(event) => props.onChange(event.target.checked)}
      />
    </label>
  )
}

/** Yes or no, part of a form. */
export function Checkbox({
  label,
  hint,
  ...rest
}: { label: ReactNode; hint?: ReactNode } & Omit<ComponentProps<'input'>, 'type'>) {
  return (
    <label className={s.check}>
      <input type="checkbox" {...rest} />
      <span>
        {label}
        {hint && <small className={s.note}>{hint}</small>}
      </span>
    </label>
  )
}

/** One of two to four, all in sight. */
export function Choice<T extends string>(props: {
  label: string
  hint?: ReactNode
  value: T
  options: readonly { value: T; label: string; icon?: ReactNode }[]
  onChange: (value: T) => void
}) {
  const name = useId()
  return (
    <fieldset className={s.field}>
      <legend className={s.label}>{props.label}</legend>
      <div className={s.choice}>
        {props.options.map((option) => (
          <label key={option.value} className={s.option}>
            <input
              type="radio"
              name={name}
              className="visually-hidden"
              checked={option.value === props.value}
              onChange={() => props.onChange(option.value)}
            />
            {option.icon}
            {option.label}
          </label>
        ))}
      </div>
      {props.hint && <div className={s.note}>{props.hint}</div>}
    </fieldset>
  )
}
