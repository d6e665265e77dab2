import type { ConversationView } from '@weft/sdk'

type Place = Pick<ConversationView, 'id' | 'kind' | 'title' | 'peers'> & { name: string }

/** The filter that keeps a search within one conversation, as a person would write it. */
export function searchIn(place: Place): string {
  const channel = place.kind === 'channel' || place.kind === 'private_channel'
  const direct = place.kind === 'direct' && place.peers[0] !== undefined
  const value = channel ? `#${place.name}` : direct && place.title ? `@${place.title}` : place.id
  const plain = value.replaceAll('"', '')
  return `in:${/\s/.test(plain) ? `"${plain}"` : plain}`
}
