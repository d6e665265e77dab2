/** Topics within a conversation, and threads with their last replies. */
import type { Message, Micros, Page, Seq } from './types'

/** A topic as a message names it. */
export interface TopicRef {
  id: string
  name: string
}

/** A topic of a conversation. */
export interface Topic extends TopicRef {
  conversation: string
  resolved: boolean
  created_by: string | null
  created_at: Micros
  /** Where its messages went; it is not listed any more. */
  merged_into?: string
}

/** A topic as its reader sees it. */
export interface TopicItem extends Topic {
  /** Counted up to a thousand, as `unread`. */
  count: number
  unread: number
  read_seq: Seq
  last_seq: Seq
  last_at: Micros
  last_from: string | null
}

export interface TopicPage extends Page<TopicItem> {
  /** Unread messages without a topic. */
  unread_without: number
}

/** A message with the last that was said about it. */
export interface ThreadRoot {
  message: Message
  /** The last three replies, oldest first. */
  replies: Message[]
}
