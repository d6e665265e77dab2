import { useEffect, useState, type RefObject } from 'react'

/**
 * The manners of a phone's own app for the frame and its content. Answers whether what lies under the content
 * shows, because a finger is pulling it aside. `place` is where the reader is.
 */
export function usePhoneApp(
  phone: boolean,
  frame: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
  place: string,
): boolean {
  const [peek, setPeek] = useState(false)
  useEffect(() => setPeek(false), [place])
  useEffect(() => {
    if (!phone || !frame.current) return
    const page = frame.current
    return whenLoaded(({ aboveKeyboard }) => aboveKeyboard(page))
  }, [phone, frame])
  useEffect(() => {
    const page = content.current
    if (!phone || !page) return
    return whenLoaded(({ swipeBack }) => swipeBack(page, setPeek))
  }, [phone, content, place])
  return peek
}

function whenLoaded(start: (part: typeof import('./phone')) => () => void): () => void {
  let stop: (() => void) | null = null
  let live = true
  void import('./phone').then((part) => {
    if (live) stop = start(part)
  })
  return () => {
    live = false
    stop?.()
  }
}
