import type { Api } from './api'
import { draftKey, type Model } from './sync/model'
import { nowMicros } from './random'
import type { Draft } from './types'

const SAVE_MS = 1000

/** Unsent texts: kept here at once, told to the other devices a second after the last change. */
export class Drafts {
  readonly #api: Api
  readonly #model: Model
  readonly #touched: (conversation: string) => void
  /** Changed here and not yet told, by lane. */
  readonly #unsaved = new Map<string, Draft>()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(api: Api, model: Model, touched: (conversation: string) => void) {
    this.#api = api
    this.#model = model
    this.#touched = touched
  }

  get(conversation: string, thread?: string | null): string {
    return this.#model.drafts.get(draftKey(conversation, thread))?.text ?? ''
  }

  set(conversation: string, text: string, thread?: string | null): void {
    if (this.get(conversation, thread) === text) return
    const draft = { conversation, thread: thread ?? null, text, updated_at: nowMicros() }
    this.#unsaved.set(draftKey(conversation, thread), draft)
    this.#put(draft)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.flush(), SAVE_MS)
  }

  /** Another device's draft came in; what is being written here wins. */
  arrived(draft: Draft): void {
    const mine = this.#unsaved.get(draftKey(draft.conversation, draft.thread))
    if (mine) this.#put(mine)
  }

  /** Tells all of them at once: a page that is left has no second chance. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    await Promise.all([...this.#unsaved].map(([lane, draft]) => this.#save(lane, draft)))
  }

  async #save(lane: string, draft: Draft): Promise<void> {
    const { conversation, text, thread } = draft
    await this.#api.conversations.setDraft(conversation, text, thread).catch(() => undefined)
    // Lost drafts stay on this device; a later change is tried again.
    if (this.#unsaved.get(lane) === draft) this.#unsaved.delete(lane)
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#unsaved.clear()
  }

  #put(draft: Draft): void {
    const key = draftKey(draft.conversation, draft.thread)
    if (draft.text === '') this.#model.drafts.delete(key)
    else this.#model.drafts.set(key, draft)
    this.#touched(draft.conversation)
  }
}
