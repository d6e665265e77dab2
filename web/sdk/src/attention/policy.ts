import type { ConversationKind, Level } from '../types'

/**
 * Who is told of a message and how: as the server decides it (`messaging::attention::policy`), held to the same
 * by `cases.json`. No I/O.
 */

/** A channel of more members than this tells only of what calls one. */
export const QUIET_ABOVE = 50

/** The level of a conversation for which none was chosen. */
export function levelByDefault(kind: ConversationKind, members: number): Level {
  const channel = kind === 'channel' || kind === 'private_channel'
  return channel && members > QUIET_ABOVE ? 'mentions' : 'all'
}

/** What a message is to me. */
export interface Facts {
  own: boolean
  kind: ConversationKind
  members: number
  /** It is a reply in a thread. */
  thread: boolean
  /** It names me. */
  mentioned: boolean
  /** It calls everybody. */
  all: boolean
  urgent: boolean
  /** It holds one of my keywords. */
  keyword: boolean
  /** It is by somebody whom I watch. */
  watched: boolean
  /** It is by somebody whom I always hear. */
  vip: boolean
}

/** What I want. */
export interface Wishes {
  level: Level | null
  all_silenced: boolean
  /** I follow the thread. */
  follows: boolean
  /** I am not to be disturbed now. */
  dnd: boolean
  /** Messages that name me pass all the same. */
  mentions_pass: boolean
  device: Device
}

/** What this device is set to. */
export interface Device {
  /** In place of the levels of conversations, except of those that are muted. */
  level: Level | null
  desktop: boolean
  sound: boolean
}

export const DEVICE: Device = { level: null, desktop: true, sound: true }

export interface Told {
  how: 'none' | 'silent' | 'sound'
  /** It is among what calls me in the inbox, whatever the device does. */
  inbox: boolean
}

export function told(message: Facts, wishes: Wishes): Told {
  if (message.own) return { how: 'none', inbox: false }
  const chosen = wishes.level ?? levelByDefault(message.kind, message.members)
  const muted = chosen === 'nothing'
  const called = message.mentioned || (message.all && !wishes.all_silenced && !muted)
  const alerted = (message.keyword || message.watched) && !muted
  const level = muted ? chosen : (wishes.device.level ?? chosen)
  const wanted =
    level !== 'nothing' &&
    (called ||
      alerted ||
      (message.thread && wishes.follows) ||
      (level === 'all' && (!message.thread || message.kind === 'direct')))
  const passes = !wishes.dnd || message.vip || (message.mentioned && wishes.mentions_pass)
  const heard = (message.urgent || (wanted && passes)) && wishes.device.desktop
  return {
    how: heard ? (wishes.device.sound ? 'sound' : 'silent') : 'none',
    inbox: called || alerted || message.urgent,
  }
}
