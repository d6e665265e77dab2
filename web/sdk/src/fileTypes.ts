/** Wire types of files; see `types.ts`. */
import type { Micros, Seq } from './types'

export type FileKind =
  'image' | 'video' | 'audio' | 'voice' | 'pdf' | 'text' | 'code' | 'office' | 'archive' | 'other'
/** What is known of a file beside its type. */
export interface FileDetails {
  /** Pixels, upright. */
  width?: number
  height?: number
  duration_ms?: number
  /** At most 100 samples of 0–255. */
  waveform?: number[]
  /** The mean colour, `#rrggbb`. */
  color?: string
}
/** A file as a message names it: kept here it has an `id`, known only by its address a `url`. */
export interface FileRef extends FileDetails {
  id?: string
  name: string
  url: string | null
  size: number | null
  mime: string | null
  kind?: FileKind
  thumb?: boolean
}
export interface StoredFile extends FileDetails {
  id: string
  name: string
  mime: string
  size: number
  kind: FileKind
  preview: 'none' | 'pending' | 'ready' | 'failed'
  thumb: boolean
  created_at: Micros
}
/** What the server has read in a document. */
export interface FileText {
  state: 'none' | 'pending' | 'ready' | 'unreadable'
  /** At most 1 MiB of it. */
  text: string
  /** There is more of it. */
  cut: boolean
  /** Why it cannot be read. */
  reason?: string | null
}
/** How far an Office document's layout is. */
export interface FileLayout {
  /** `none`: the server makes none of this file. */
  state: 'none' | 'pending' | 'ready' | 'failed'
  /** Why it cannot be made. */
  reason?: string | null
}
/** A file, and the message it was sent with. */
export interface PostedFile {
  file: StoredFile
  message: string
  conversation: string
  seq: Seq
  from: string
  at: Micros
}
export interface Upload {
  id: string
  offset: number
  size: number
  chunk_size: number
  expires_at: Micros
  file?: StoredFile
}
export interface FileSettings {
  max_file_size: number
  quota: number | null
  used: number
  /** Whether the server looks at links that people send. */
  link_previews: boolean
}
export interface FileLink {
  url: string
  expires_at: Micros
}
