/** Shows notifications through the service worker where there is one, so that one can answer in them. */

export interface Shown {
  title: string
  body: string
  tag: string
  icon?: string | undefined
  silent: boolean
  /** Where a press leads. */
  url: string
  /** To whom an answer goes; without it there is none. */
  reply?: ReplyTo | undefined
}

interface ReplyTo {
  label: string
  placeholder: string
  org: string
  conversation: string
  thread: string | null
}

type WithActions = NotificationOptions & {
  renotify?: boolean
  actions?: { action: string; title: string; type?: string; placeholder?: string }[]
}

async function registration(): Promise<ServiceWorkerRegistration | undefined> {
  try {
    const found = await navigator.serviceWorker?.getRegistration()
    return found?.active ? found : undefined
  } catch {
    return undefined
  }
}

export async function show(note: Shown, onOpen: () => void): Promise<void> {
  const { title, body, tag, icon, silent, url, reply } = note
  const options: WithActions = { body, tag, silent, renotify: true, data: { url } }
  if (icon) options.icon = icon
  const worker = await registration()
  if (worker) {
    if (reply) {
      const { label, placeholder, ...to } = reply
      options.data = { url, reply: to }
      options.actions = [{ action: 'reply', title: label, type: 'text', placeholder }]
    }
    return worker.showNotification(title, options)
  }
  const shown = new Notification(title, options)
  shown.onclick = () => {
    window.focus()
    shown.close()
    onOpen()
  }
  open.set(tag, shown)
}

const open = new Map<string, Notification>()

/** Takes the notifications with a tag away: what they told of was read. */
export async function closeShown(tag: string): Promise<void> {
  open.get(tag)?.close()
  open.delete(tag)
  const worker = await registration()
  for (const each of (await worker?.getNotifications({ tag })) ?? []) each.close()
}
