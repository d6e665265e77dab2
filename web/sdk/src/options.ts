import type { Api } from './api'
import type { SocketFactory } from './gateway/connection'
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
  /** For platforms without a global `WebSocket`, or whose own can send headers. */
  socket?: SocketFactory
}

/** News as it comes in, not history. */
export type MessageListener = (message: Message, conversation: ConversationView) => void
