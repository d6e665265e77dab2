import type {
  AckPage,
  AckRequest,
  AckState,
  ForwardMode,
  Message,
  MessagePage,
  Micros,
  NewPoll,
  Page,
  ReceiptPage,
  Seq,
  ThreadItem,
  Version,
  WaitingPage,
} from '../types'
import { type Http, seg } from './http'

/** Where a page of messages lies; with none of the four, the newest. */
export interface MessageQuery {
  before_seq?: Seq
  after_seq?: Seq
  around_seq?: Seq
  /** From the first message at or after this time. */
  at?: Micros
  /** The replies of this root instead of the main flow. */
  thread?: string | undefined
  /** The messages of this topic (`none`: those without one) instead of the whole main flow. */
  topic?: string | undefined
  limit?: number
}

export interface NewMessage {
  nonce: string
  text: string
  thread?: string
  quote?: string
  confirm_all?: boolean
  ack?: AckRequest
  /** The id of a topic, or a name. */
  topic?: string
  files?: string[]
  poll?: NewPoll
  /** Sent by itself. */
  sticker?: string
  /** Makes it an announcement. */
  post?: { title: string; comments?: boolean }
}

export interface ForwardMany {
  messages: string[]
  to: string[]
  mode: ForwardMode
  nonce: string
  text?: string
}

export function messageRoutes(http: Http) {
  const at = (id: string, rest = ''): string => `/messages/${seg(id)}${rest}`
  return {
    /** Oldest first. */
    page: (conversation: string, query: MessageQuery = {}): Promise<MessagePage> =>
      http.request('GET', `/conversations/${seg(conversation)}/messages`, { query: { ...query } }),
    send: (conversation: string, body: NewMessage): Promise<Message> =>
      http.request('POST', `/conversations/${seg(conversation)}/messages`, { body }),
    get: (id: string): Promise<Message> => http.request('GET', at(id)),
    edit: (id: string, text: string): Promise<Message | undefined> =>
      http.request('PATCH', at(id), { body: { text } }),
    /** Changes an announcement. */
    editPost: (id: string, body: { text: string; title?: string; comments?: boolean }): Promise<Message> =>
      http.request('PATCH', at(id), { body }),
    remove: (id: string): Promise<Message | undefined> => http.request('DELETE', at(id)),
    /** Takes away what one of its links leads to. */
    removePreview: (id: string, link: string): Promise<Message> =>
      http.request('DELETE', at(id, `/previews/${seg(link)}`)),
    recall: (id: string): Promise<Message | undefined> => http.request('POST', at(id, '/recall')),
    history: (id: string): Promise<Page<Version>> => http.request('GET', at(id, '/history')),
    /** Who has read a message of mine, or has not, by name. */
    receipts: (
      id: string,
      query: { state?: 'read' | 'unread'; cursor?: string | null; limit?: number } = {},
    ): Promise<ReceiptPage> => http.request('GET', at(id, '/receipts'), { query: { ...query } }),
    /** What waits for my acknowledgement, the newest first. */
    waiting: (query: { cursor?: string | null; limit?: number } = {}): Promise<WaitingPage> =>
      http.request('GET', '/acks', { query: { ...query } }),
    /** How far people are; names are for the sender, by state. */
    acks: (
      id: string,
      query: { state?: AckState; cursor?: string | null; limit?: number } = {},
    ): Promise<AckPage> => http.request('GET', at(id, '/acks'), { query: { ...query } }),
    answer: (id: string, state: 'acknowledged' | 'done'): Promise<void> =>
      http.request('PUT', at(id, '/ack'), { body: { state } }),
    /** Reminds those who have not answered; five minutes apart. */
    remind: (id: string): Promise<void> => http.request('POST', at(id, '/ack/remind')),
    react: (id: string, emoji: string, on: boolean): Promise<void> =>
      http.request(on ? 'PUT' : 'DELETE', at(id, `/reactions/${seg(emoji)}`)),
    pin: (id: string, on: boolean): Promise<void> => http.request(on ? 'PUT' : 'DELETE', at(id, '/pin')),
    pins: (conversation: string): Promise<Page<Message>> =>
      http.request('GET', `/conversations/${seg(conversation)}/pins`),
    forward: (id: string, body: { to: string[]; nonce: string; text?: string }): Promise<unknown> =>
      http.request('POST', at(id, '/forward'), { body }),
    forwardMany: (body: ForwardMany): Promise<unknown> => http.request('POST', '/messages/forward', { body }),
  }
}

export function threadRoutes(http: Http) {
  const at = (root: string, rest: string): string => `/messages/${seg(root)}/thread${rest}`
  return {
    /** Followed threads, the newest reply first. */
    list: (cursor?: string | null, limit?: number): Promise<Page<ThreadItem>> =>
      http.request('GET', '/threads', { query: { cursor, limit } }),
    follow: (root: string, following: boolean): Promise<void> =>
      http.request('PUT', at(root, ''), { body: { following } }),
    read: (root: string, seq: Seq): Promise<void> =>
      http.request('PUT', at(root, '/read'), { body: { seq } }),
  }
}
