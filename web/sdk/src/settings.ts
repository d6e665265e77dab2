import type { Api } from './api'
import { Cell } from './observable'
import type { Model } from './sync/model'
import type { Settings } from './types'

/** My settings: changed here at once, and on my other devices by the log. */
export class SettingsSync {
  readonly cell = new Cell<Settings>({})
  readonly #api: Api
  readonly #model: Model
  readonly #changed: () => void

  constructor(api: Api, model: Model, changed: () => void) {
    this.#api = api
    this.#model = model
    this.#changed = changed
  }

  /** Sets one; null removes it. Takes it back where the server refuses. */
  async set(key: string, value: unknown): Promise<void> {
    const before = this.#model.settings[key]
    this.#put(key, value)
    try {
      await this.#api.me.updateSettings({ [key]: value })
    } catch (error) {
      this.#put(key, before)
      throw error
    }
  }

  /** The model's settings were replaced. */
  refresh(): void {
    this.cell.set(this.#model.settings)
  }

  #put(key: string, value: unknown): void {
    const entries = Object.entries({ ...this.#model.settings, [key]: value })
    this.#model.settings = Object.fromEntries(entries.filter(([, v]) => v !== null && v !== undefined))
    this.refresh()
    this.#changed()
  }
}
