import { useEffect, useId, useRef, type ReactNode } from 'react'
import { X } from 'lucide-react'
import { IconButton } from './Button'
import { useUiText } from './text'
import { cx } from './cx'
import s from './Modal.module.css'

export interface ModalProps {
  title: string
  onClose: () => void
  children: ReactNode
  /** Buttons at the bottom right, the primary one last. */
  footer?: ReactNode
  size?: 's' | 'm' | 'l'
  /** Present: the body is a form and Enter submits it. */
  onSubmit?: () => void
}

const FIELDS = 'input:not(:disabled, [type=file]), textarea, select'

/** A modal dialog. The browser keeps focus inside and gives it back; Escape and the cross close. */
export function Modal({ title, onClose, children, footer, size = 'm', onSubmit }: ModalProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const heading = useId()
  const text = useUiText()
  useEffect(() => {
    const dialog = ref.current
    if (!dialog) return
    const before = document.activeElement as HTMLElement | null
    if (!dialog.open) dialog.showModal()
    // The first field, unless one is named; without fields the dialog itself, so that no button lights up.
    const field =
      dialog.querySelector<HTMLElement>('[data-autofocus]') ?? dialog.querySelector<HTMLElement>(FIELDS)
    ;(field ?? dialog).focus()
    return () => {
      dialog.close()
      if (before?.isConnected) before.focus({ preventScroll: true })
    }
  }, [])
  const frame = (
    <>
      <header className={s.head}>
        <h2 id={heading}>{title}</h2>
        <IconButton label={text.close} icon={<X size={18} />} onClick={onClose} />
      </header>
      <div className={s.body}>{children}</div>
      {footer && <footer className={s.foot}>{footer}</footer>}
    </>
  )
  return (
    <dialog
      ref={ref}
      aria-labelledby={heading}
      tabIndex={-1}
      className={cx(s.dialog, s[size])}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onPointerDown={(event) => event.target === ref.current && onClose()}
    >
      {onSubmit ? (
        <form
          className={s.frame}
          onSubmit={(event) => {
            event.preventDefault()
            onSubmit()
          }}
        >
          {frame}
        </form>
      ) : (
        <div className={s.frame}>{frame}</div>
      )}
    </dialog>
  )
}
