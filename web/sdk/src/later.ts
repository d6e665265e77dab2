import type { Api } from './api'
import type { NewMessage } from './api/messages'
import { seg } from './api/http'
import type { ExtensionHost } from './extend'
import type {
  ReminderFrame,
  SavedItem,
  SavedMark,
  SavedPatch,
  Scheduled,
  ScheduledMark,
  When,
} from './laterTypes'
import { Cell, type Observable } from './observable'
import type { Page } from './types'
import type { Weft } from './weft'

const SOON_MS = 150

/** The routes of what is for later. */
export function laterRoutes(api: Api) {
  const scheduled = (id: string, rest = ''): string => `/scheduled/${seg(id)}${rest}`
  const saved = (message: string): string => `/messages/${seg(message)}/saved`
  return {
    scheduled: (): Promise<Page<Scheduled>> => api.get('/scheduled'),
    schedule: (conversation: string, when: When, message: NewMessage): Promise<Scheduled> =>
      api.post(`/conversations/${seg(conversation)}/scheduled`, { when, message }),
    reschedule: (id: string, patch: { when?: When; message?: NewMessage }): Promise<Scheduled> =>
      api.patch(scheduled(id), patch),
    sendNow: (id: string): Promise<void> => api.post(scheduled(id, '/send')),
    unschedule: (id: string): Promise<void> => api.delete(scheduled(id)),
    saved: (query: {
      state?: 'open' | 'done'
      cursor?: string | null
      limit?: number
    }): Promise<Page<SavedItem>> => api.get('/saved', { ...query }),
    marks: (): Promise<Page<SavedMark>> => api.get('/saved/marks'),
    save: (message: string, patch: SavedPatch): Promise<SavedMark> => api.put(saved(message), patch),
    unsave: (message: string): Promise<void> => api.delete(saved(message)),
    note: (note: string, remind?: When): Promise<SavedMark> =>
      api.post('/saved', { note, ...(remind ? { remind } : {}) }),
    change: (id: string, patch: SavedPatch): Promise<SavedMark> => api.patch(`/saved/${seg(id)}`, patch),
    remove: (id: string): Promise<void> => api.delete(`/saved/${seg(id)}`),
  }
}

const NONE: readonly Scheduled[] = []

/** What I have scheduled and keep for later, the same on all devices. The server knows; here is what it said last. */
export class Later {
  readonly routes: ReturnType<typeof laterRoutes>
  readonly #scheduled = new Cell<readonly Scheduled[]>(NONE)
  readonly #saved = new Cell<ReadonlyMap<string, SavedMark>>(new Map())
  readonly #reminder = new Cell<ReminderFrame | null>(null)
  readonly #failure = new Cell<ScheduledMark | null>(null)
  /** Rises when what is kept has changed: lists look again. */
  readonly #changes = new Cell(0)
  #timer: ReturnType<typeof setTimeout> | undefined
  #closed = false

  constructor(host: ExtensionHost) {
    this.routes = laterRoutes(host.api)
    host.onEvent((event, live) => {
      if (event.k === 'scheduled') this.#scheduledChanged(event as unknown as ScheduledMark, live)
      if (event.k === 'saved') this.apply(event as unknown as SavedMark)
    })
    host.onFrame((frame) => {
      if (frame.t === 'reminder') this.#reminder.set(frame as unknown as ReminderFrame)
    })
    host.onLive(() => this.refresh())
    host.onClose(() => {
      this.#closed = true
      clearTimeout(this.#timer)
    })
    this.refresh()
  }

  /** The next first. */
  get scheduled(): Observable<readonly Scheduled[]> {
    return this.#scheduled
  }

  /** What is in progress, by the id of its message, or by its own where it is a note. */
  get saved(): Observable<ReadonlyMap<string, SavedMark>> {
    return this.#saved
  }

  /** The last reminder that came while somebody looked. */
  get reminder(): Observable<ReminderFrame | null> {
    return this.#reminder
  }

  /** The last scheduled message that could not be sent while somebody looked. */
  get failure(): Observable<ScheduledMark | null> {
    return this.#failure
  }

  get changes(): Observable<number> {
    return this.#changes
  }

  /** Keeps a message, or no longer. Shown at once. */
  async toggle(message: string): Promise<boolean> {
    const now = this.#saved.get().get(message)
    if (now) {
      this.apply({ ...now, state: 'gone' })
      await this.routes.unsave(message).catch((error: unknown) => this.#undo(error))
      return false
    }
    const at = Date.now() * 1000
    const guess: SavedMark = {
      id: message,
      message,
      state: 'open',
      saved_at: at,
      remind_at: null,
      reminded_at: null,
    }
    this.apply(guess)
    await this.routes.save(message, {}).then(
      (mark) => this.apply(mark),
      (error: unknown) => this.#undo(error),
    )
    return true
  }

  /** Takes over what the server says of something that is kept. */
  apply(mark: SavedMark): void {
    const next = new Map(this.#saved.get())
    const key = mark.message ?? mark.id
    if (mark.state === 'open') next.set(key, mark)
    else next.delete(key)
    this.#saved.set(next)
    this.#changes.set(this.#changes.get() + 1)
  }

  /** Asks anew, soon. */
  refresh(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      // What fails is asked again with the next connection.
      this.routes.scheduled().then(
        (page) => !this.#closed && this.#scheduled.set(page.items),
        () => undefined,
      )
      this.routes.marks().then(
        (page) => {
          if (this.#closed) return
          this.#saved.set(new Map(page.items.map((mark) => [mark.message ?? mark.id, mark])))
          this.#changes.set(this.#changes.get() + 1)
        },
        () => undefined,
      )
    }, SOON_MS)
  }

  #scheduledChanged(mark: ScheduledMark, live: boolean): void {
    if (mark.state === 'gone') this.#scheduled.set(this.#scheduled.get().filter(({ id }) => id !== mark.id))
    if (mark.state === 'failed' && live) this.#failure.set(mark)
    this.refresh()
  }

  #undo(error: unknown): never {
    this.refresh()
    throw error
  }
}

/** What is for later in one org. */
export function laterOf(weft: Weft): Later {
  return weft.extend('later', (host) => new Later(host))
}
