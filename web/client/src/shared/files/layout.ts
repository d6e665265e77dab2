import type { FileRef } from '@weft/sdk'

export interface Box {
  width: number
  height: number
}

const MAX: Box = { width: 400, height: 320 }
const MIN = 64
/** Side of a tile where there are several pictures. */
export const TILE = 148

/** The space a picture or film takes in a message, known before it is loaded. */
export function fit(file: Pick<FileRef, 'width' | 'height'>): Box {
  const { width, height } = file
  if (!width || !height) return { width: 320, height: 180 }
  const scale = Math.min(1, MAX.width / width, MAX.height / height)
  return {
    width: Math.max(MIN, Math.round(width * scale)),
    height: Math.max(MIN, Math.round(height * scale)),
  }
}

/** Whether there is a picture of it to show. */
export function isPicture(file: FileRef): boolean {
  return file.kind === 'image' && (file.thumb === true || (!file.id && !file.url))
}

/** A size for people: 1.4 MB. */
export function readable(bytes: number | null): string {
  if (bytes === null) return ''
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let n = bytes
  let u = 0
  while (n >= 1000 && u < units.length - 1) {
    n /= 1000
    u++
  }
  return `${n < 10 && u > 0 ? n.toFixed(1) : Math.round(n)} ${units[u]}`
}

export function extension(name: string): string {
  const hit = /\.([A-Za-z0-9]{1,8})$/.exec(name)
  return hit ? hit[1]!.toUpperCase() : ''
}

/** 1:05 */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** The smallest thumbnail there is. */
const SMALLEST = 320

/** Pixels to ask for where a picture is shown `side` wide or high; on a thin network the smallest. */
export function pictureSize(side: number, density: number, thin: boolean): number {
  return thin ? Math.min(SMALLEST, Math.ceil(side)) : Math.ceil(side * Math.min(2, density))
}
