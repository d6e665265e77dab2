import type { Api } from './api'
import { Cell, type Observable } from './observable'
import type { OutgoingFile } from './store/store'
import type { FileDetails, StoredFile } from './types'
import type { Problem } from './problem'
import type { UploadEngine } from './uploadEngine'

/** A file that was added and not sent yet. */
export interface Attachment {
  key: string
  name: string
  size: number
  type: string
  details: FileDetails
  state: 'waiting' | 'uploading' | 'done' | 'failed'
  /** Bytes that have arrived. */
  sent: number
  problem?: Problem
  /** Once it is whole. */
  file?: StoredFile
  /** The bytes, while this page has them: to show a picture before it is anywhere else. */
  blob?: Blob
}

/** What is added. */
export interface NewAttachment {
  blob: Blob
  name: string
  details?: FileDetails
  /** A picture for a film. */
  poster?: Blob
}

const NONE: readonly Attachment[] = []

/**
 * Files on their way to the server, by the lane whose composer they were added in. The code that sends them comes
 * with the first one, or where an earlier page left some.
 */
export class Uploads {
  readonly #api: Api
  readonly #memory: string
  readonly #lanes = new Map<string, Cell<readonly Attachment[]>>()
  #engine: UploadEngine | null = null
  #loading: Promise<UploadEngine> | null = null
  #closed = false

  constructor(api: Api, memory: string) {
    this.#api = api
    this.#memory = memory
    try {
      // Later than what is shown first.
      if (globalThis.localStorage?.getItem(memory))
        setTimeout(() => void this.#load().catch(() => undefined), 0)
    } catch {
      // A browser that lets nothing be kept.
    }
  }

  /** What a composer holds, in the order of adding. */
  inLane(lane: string): Observable<readonly Attachment[]> {
    return this.#lane(lane)
  }

  /** Begins to upload files. Rejects where the code for it cannot be fetched. */
  async add(lane: string, files: readonly NewAttachment[]): Promise<void> {
    ;(await this.#load()).add(lane, files)
  }

  /** Gives one up; the server forgets it, too. */
  remove(key: string): void {
    this.#engine?.remove(key)
  }

  retry(key: string): void {
    this.#engine?.retry(key)
  }

  /** What is to be sent along: the lane is empty then, its uploads go on. */
  take(lane: string): OutgoingFile[] {
    return this.#engine?.take(lane) ?? []
  }

  /** Those files with their ids, once all have arrived. */
  async uploaded(files: readonly OutgoingFile[]): Promise<readonly OutgoingFile[]> {
    return files.every((file) => file.id) ? files : (await this.#load()).uploaded(files)
  }

  /** The bytes of an upload, while this page has them. */
  blob(key: string): Blob | undefined {
    return this.#engine?.blob(key)
  }

  /** The connection is back. */
  hurry(): void {
    this.#engine?.hurry()
  }

  close(): void {
    this.#closed = true
    this.#engine?.close()
  }

  /** Forgets what was kept for the next page. */
  clear(): void {
    this.close()
    globalThis.localStorage?.removeItem(this.#memory)
  }

  #lane(lane: string): Cell<readonly Attachment[]> {
    let cell = this.#lanes.get(lane)
    if (!cell) this.#lanes.set(lane, (cell = new Cell<readonly Attachment[]>(NONE)))
    return cell
  }

  #load(): Promise<UploadEngine> {
    this.#loading ??= import('./uploadEngine').then(
      ({ UploadEngine }) => {
        const lane = (name: string) => this.#lane(name)
        this.#engine = new UploadEngine({ api: this.#api, memory: this.#memory, lanes: this.#lanes, lane })
        if (this.#closed) this.#engine.close()
        return this.#engine
      },
      (error: unknown) => {
        // The next file tries again.
        this.#loading = null
        throw error
      },
    )
    return this.#loading
  }
}
