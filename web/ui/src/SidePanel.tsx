import { useEffect, useId, type ReactNode } from 'react'
import { ArrowLeft, X } from 'lucide-react'
import { IconButton } from './Button'
import { useUiText } from './text'
import s from './SidePanel.module.css'

/**
 * The panel at the right of the content: a thread, members, details. Pushes from 1280 px, overlays
 * below, fills the screen on a phone. Its parent is a positioned flex row.
 */
export function SidePanel(props: {
  title: ReactNode
  actions?: ReactNode
  onClose: () => void
  children: ReactNode
}) {
  const text = useUiText()
  const heading = useId()
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null
    return () => {
      if (before?.isConnected) before.focus({ preventScroll: true })
    }
  }, [])
  return (
    <aside
      className={s.panel}
      data-panel
      aria-labelledby={heading}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented && !event.nativeEvent.isComposing)
          props.onClose()
      }}
    >
      <header className={s.head}>
        <IconButton
          className={s.back}
          data-back
          label={text.close}
          icon={<ArrowLeft size={20} />}
          onClick={props.onClose}
        />
        <h2 id={heading}>{props.title}</h2>
        {props.actions}
        <IconButton className={s.close} label={text.close} icon={<X size={18} />} onClick={props.onClose} />
      </header>
      <div className={s.body}>{props.children}</div>
    </aside>
  )
}
