import { locale } from '../i18n'
import { useSetting } from './hooks'

/** Keys of the synced settings; the values' shapes are those of the hooks below. */
export const SETTING = {
  enter: 'composer.enter',
  bubbles: 'chat.bubbles',
  previews: 'list.previews',
  markdown: 'composer.markdown',
  /** How conversations are read that are not read as a chat: `threads` or `topics`, by id. */
  views: 'chat.views',
  links: 'chat.links',
  saveData: 'data.save',
} as const

/** What Enter does while writing: sends (Shift-Enter makes a line) or makes a line (Ctrl/⌘-Enter sends). */
export type EnterBehaviour = 'send' | 'newline'

export function useEnterBehaviour(): [EnterBehaviour, (value: EnterBehaviour) => void] {
  const [value, set] = useSetting<string>(SETTING.enter, 'send')
  return [value === 'newline' ? 'newline' : 'send', set]
}

/** Whether own messages stand at the right in direct and group chats; by habit yes in Chinese. */
export function useBubbles(): [boolean, (value: boolean) => void] {
  const [value, set] = useSetting<boolean>(SETTING.bubbles, locale() === 'zh-CN')
  return [value === true, set]
}

/** Whether the list shows the newest message of direct and group conversations. */
export function usePreviews(): [boolean, (value: boolean) => void] {
  const [value, set] = useSetting<boolean>(SETTING.previews, true)
  return [value !== false, set]
}

/** Whether messages are written as Markdown in a plain text box, rather than as they will look. */
export function useComposeInMarkdown(): [boolean, (value: boolean) => void] {
  const [value, set] = useSetting<boolean>(SETTING.markdown, false)
  return [value === true, set]
}

/** Whether what links lead to is shown under messages. */
export function useLinkCards(): [boolean, (value: boolean) => void] {
  const [value, set] = useSetting<boolean>(SETTING.links, true)
  return [value !== false, set]
}

/** Whether little is to be loaded: as the network says, or as the reader wishes. */
export type SaveData = 'auto' | 'on' | 'off'

export function useSaveDataWish(): [SaveData, (value: SaveData) => void] {
  const [value, set] = useSetting<string>(SETTING.saveData, 'auto')
  return [value === 'on' || value === 'off' ? value : 'auto', set]
}

interface Network {
  saveData?: boolean
  effectiveType?: string
}

/** What the browser says of its network: that the reader pays for it, or that it is slow. */
export function networkIsThin(): boolean {
  const { connection } = navigator as { connection?: Network }
  return connection?.saveData === true || (connection?.effectiveType?.endsWith('2g') ?? false)
}

/** Whether little is to be loaded now. */
export function useSaveData(): boolean {
  const [wish] = useSaveDataWish()
  return wish === 'on' || (wish === 'auto' && networkIsThin())
}
