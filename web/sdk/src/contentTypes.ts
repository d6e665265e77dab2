// What a message is made of.
import type { FileRef } from './fileTypes'
import type { PollPart } from './pollTypes'
import type { StickerPart } from './stickers'
import type { Micros, Seq } from './types'

export interface MarkdownPart {
  type: 'markdown'
  text: string
}
/** A code with parameters, put into words by the reader's client. */
export interface SystemPart {
  type: 'system'
  code: string
  params: Record<string, unknown>
}
export interface QuotePart {
  type: 'quote'
  message: string
  conversation: string
  seq: Seq
  from: string
  at: Micros
  text: string
  /** It vanishes, so its text is not repeated. */
  vanishing?: boolean
}
export interface ForwardPart {
  type: 'forward'
  message: string
  conversation: string
  from: string
  at: Micros
  text: string
}
/** Messages of one conversation as they were when they were forwarded together, oldest first. */
export interface MergedForwardPart {
  type: 'merged_forward'
  conversation: string
  /** What the conversation was called; empty where its people name it. */
  title: string
  count: number
  items: MergedItem[]
}
export interface MergedItem {
  message: string
  seq: Seq
  from: string
  at: Micros
  parts: Part[]
}
/** Several messages as one card, or each as a message of its own. */
export type ForwardMode = 'merged' | 'separate'
/** The head of an announcement; its text is the part after it. */
export interface PostPart {
  type: 'post'
  title: string
  comments: boolean
}
export interface FilesPart {
  type: 'files'
  files: FileRef[]
}
export type KnownPart =
  | MarkdownPart
  | SystemPart
  | QuotePart
  | ForwardPart
  | MergedForwardPart
  | FilesPart
  | PollPart
  | StickerPart
  | PostPart
/**
 * A part of a later version of the protocol: show a neutral line. At run time `type` is any other string; the
 * stand-in keeps `switch (part.type)` exhaustive, with this in its `default`.
 */
export interface UnknownPart {
  type: '(unknown)'
}
export type Part = KnownPart | UnknownPart

export interface Content {
  v: 1
  parts: Part[]
}
