import { useEffect } from 'react'
import { useLocation } from 'wouter'
import { useWeft } from '@weft/sdk/react'
import { emitIntent } from '../shared/intents'
import { isTyping, mod } from '../shared/keys'
import { paths } from '../shared/paths'

/** Keys that work everywhere in an org. */
export function useGlobalKeys(): void {
  const weft = useWeft()
  const [, go] = useLocation()
  useEffect(() => {
    const run = (event: KeyboardEvent, act: () => unknown) => {
      event.preventDefault()
      act()
    }
    const key = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return
      const name = event.key.toLowerCase()
      if (mod(event)) {
        if (name === 'k' && !event.shiftKey) run(event, () => emitIntent('switcher', {}))
        else if (name === '/') run(event, () => emitIntent('shortcuts', {}))
        else if (name === 'f' && event.shiftKey) run(event, () => go(paths.search(weft.org)))
        else if (name === ',') run(event, () => go(paths.settings(weft.org)))
        return
      }
      if (event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
        // By place on the keyboard: with Alt, macOS types other letters.
        if (event.code === 'KeyN') run(event, () => emitIntent('new-message', {}))
        else if (event.code === 'KeyP') run(event, () => go(paths.people(weft.org)))
        else if (event.code === 'KeyC') run(event, () => go(paths.browse(weft.org)))
        else if (event.code === 'KeyL') run(event, () => emitIntent('toggle-list', {}))
        return
      }
      if (isTyping(event.target) || document.querySelector('dialog[open]')) return
      if (name === '/') run(event, () => go(paths.search(weft.org)))
      if (name === '?') run(event, () => emitIntent('shortcuts', {}))
    }
    window.addEventListener('keydown', key)
    return () => window.removeEventListener('keydown', key)
  }, [weft, go])
}
