import type { Api } from './api'
import type { SocketFactory } from './gateway/connection'
import type { Observable } from './observable'
import type { Me, Message } from './types'
import type { ConversationView } from './views'

export interface WeftOptions {
  api: Api
  /** Id of the org to act in. */
  org: string
  /** `GET /me`, or one's principal id in the org. */
  me: Me | string
  /** `memory` keeps nothing on the device. Default: `indexeddb` where there is one. */
  storage?: 'indexeddb' | 'memory'
  /**
   * How a title is made of several names, in the reader's language; conversations without a name of their own
   * get another title when it changes. Default: commas.
   */
  joinNames?: Observable<JoinNames>
  /** For platforms without a global `WebSocket`, or whose own can send headers. */
  socket?: SocketFactory
}

/** Makes one text of several names. */
export type JoinNames = (names: readonly string[]) => string

/** News as it comes in, not history. */
export type MessageListener = (message: Message, conversation: ConversationView) => void
