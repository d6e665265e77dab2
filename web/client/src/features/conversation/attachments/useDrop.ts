import { useRef, useState, type DragEvent } from 'react'

/** Files dragged over a place: whether they hover, and what to do when they are let go. */
export function useDrop(add: ((files: FileList) => void) | null) {
  const [over, setOver] = useState(false)
  const depth = useRef(0)
  const fits = (event: DragEvent) => add !== null && event.dataTransfer.types.includes('Files')
  return {
    over,
    handlers: {
      onDragEnter: (event: DragEvent) => {
        if (!fits(event)) return
        depth.current += 1
        setOver(true)
      },
      onDragOver: (event: DragEvent) => {
        if (!fits(event)) return
        event.preventDefault()
        event.dataTransfer.dropEffect = 'copy'
      },
      onDragLeave: (event: DragEvent) => {
        if (!fits(event)) return
        depth.current = Math.max(0, depth.current - 1)
        if (depth.current === 0) setOver(false)
      },
      onDrop: (event: DragEvent) => {
        if (!fits(event)) return
        event.preventDefault()
        depth.current = 0
        setOver(false)
        add?.(event.dataTransfer.files)
      },
    },
  }
}
