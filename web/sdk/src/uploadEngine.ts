import type { Api } from './api'
import type { Cell } from './observable'
import { Problem } from './problem'
import { newNonce } from './random'
import type { OutgoingFile } from './store/store'
import type { StoredFile, Upload } from './types'
import type { Attachment, NewAttachment } from './uploads'

/** Sends bytes of an upload; `progress` tells how many of them have left. */
export type SendChunk = (
  url: string,
  headers: Record<string, string>,
  chunk: Blob,
  progress: (sent: number) => void,
  signal: AbortSignal,
) => Promise<Upload>

type Lane = Cell<readonly Attachment[]>

interface Slot {
  attachment: Attachment
  poster: Blob | undefined
  id: string | null
  /** Whether to ask how far the server is before the next bytes. */
  ask: boolean
  abort: AbortController
  running: boolean
  waiters: (() => void)[]
}

const AT_ONCE = 3
const FIRST_RETRY_MS = 1000
const MAX_RETRY_MS = 30_000
/** The server keeps a file that is not sent for a day. */
const KEEP_MS = 23 * 3_600_000
const NONE: readonly Attachment[] = []

export interface EngineOptions {
  api: Api
  /** Under which what has arrived is remembered. */
  memory: string
  lanes: ReadonlyMap<string, Lane>
  lane: (lane: string) => Lane
}

/**
 * Files on their way to the server, by the lane whose composer they were added in. They go on while other
 * conversations are open, and go on where they broke off when the network is back. What has arrived survives a
 * reload; the bytes of what has not are the page's only, and are gone with it.
 */
export class UploadEngine {
  readonly #api: Api
  readonly #send: SendChunk
  readonly #memory: string
  readonly #slots = new Map<string, Slot>()
  readonly #lanes: ReadonlyMap<string, Lane>
  readonly #lane: (lane: string) => Lane
  readonly #wakes = new Set<() => void>()
  #running = 0

  constructor(options: EngineOptions, send: SendChunk = sendByXhr) {
    this.#api = options.api
    this.#memory = options.memory
    this.#lanes = options.lanes
    this.#lane = options.lane
    this.#send = send
    this.#recall()
  }

  add(lane: string, files: readonly NewAttachment[]): void {
    const added = files.map(({ blob, name, details, poster }) => {
      const attachment: Attachment = {
        key: newNonce(),
        name,
        size: blob.size,
        type: blob.type,
        details: details ?? {},
        state: 'waiting',
        sent: 0,
        blob,
      }
      this.#slots.set(attachment.key, fresh(attachment, poster))
      return attachment
    })
    const cell = this.#lane(lane)
    cell.set([...cell.get(), ...added])
    this.#next()
  }

  /** Gives one up; the server forgets it, too. */
  remove(key: string): void {
    const slot = this.#slots.get(key)
    this.#slots.delete(key)
    for (const cell of this.#lanes.values()) {
      if (cell.get().some((each) => each.key === key)) cell.set(cell.get().filter((each) => each.key !== key))
    }
    this.#remember()
    if (!slot) return
    slot.abort.abort()
    for (const wake of slot.waiters) wake()
    if (slot.id && slot.attachment.state !== 'done')
      void this.#api.files.cancel(slot.id).catch(() => undefined)
  }

  retry(key: string): void {
    const slot = this.#slots.get(key)
    if (slot?.attachment.state !== 'failed') return
    slot.ask = slot.id !== null
    this.#change(slot, { state: 'waiting' })
    this.#next()
  }

  /** What is to be sent along: the lane is empty then, its uploads go on. */
  take(lane: string): OutgoingFile[] {
    const cell = this.#lane(lane)
    const files = cell.get().map(outgoing)
    cell.set(NONE)
    this.#remember()
    return files
  }

  /** Those files with their ids, once all have arrived. */
  async uploaded(files: readonly OutgoingFile[]): Promise<OutgoingFile[]> {
    return Promise.all(files.map((file) => this.#whole(file)))
  }

  /** The bytes of an upload, while this page has them. */
  blob(key: string): Blob | undefined {
    return this.#slots.get(key)?.attachment.blob
  }

  /** The connection is back. */
  hurry(): void {
    for (const wake of this.#wakes) wake()
  }

  close(): void {
    for (const slot of this.#slots.values()) slot.abort.abort()
  }

  /** Forgets what was kept for the next page. */
  clear(): void {
    this.close()
    globalThis.localStorage?.removeItem(this.#memory)
  }

  async #whole(file: OutgoingFile): Promise<OutgoingFile> {
    if (file.id) return file
    for (;;) {
      const slot = this.#slots.get(file.key)
      if (!slot)
        throw new Problem('upload_lost', { detail: 'The page was closed before the file was uploaded.' })
      const { state, problem } = slot.attachment
      if (state === 'done') return outgoing(slot.attachment)
      if (state === 'failed') {
        // The next try of the message is a next try of its files.
        this.retry(file.key)
        throw problem ?? new Problem('upload_lost')
      }
      await new Promise<void>((wake) => slot.waiters.push(wake))
    }
  }

  #change(slot: Slot, fields: Partial<Attachment>): void {
    const { problem: _, ...before } = slot.attachment
    slot.attachment = { ...before, ...fields }
    const { key } = slot.attachment
    for (const cell of this.#lanes.values()) {
      if (!cell.get().some((each) => each.key === key)) continue
      cell.set(cell.get().map((each) => (each.key === key ? slot.attachment : each)))
    }
    if (fields.state !== 'done' && fields.state !== 'failed') return
    this.#remember()
    for (const wake of slot.waiters.splice(0)) wake()
  }

  #next(): void {
    for (const slot of this.#slots.values()) {
      if (this.#running >= AT_ONCE) return
      if (slot.running || slot.attachment.state !== 'waiting') continue
      slot.running = true
      this.#running += 1
      void this.#run(slot).finally(() => {
        slot.running = false
        this.#running -= 1
        this.#next()
      })
    }
  }

  async #run(slot: Slot): Promise<void> {
    const { signal } = slot.abort
    for (let attempt = 0; !signal.aborted;) {
      const before = slot.attachment.sent
      try {
        const file = await this.#transfer(slot)
        this.#change(slot, { state: 'done', sent: file.size, file })
        return
      } catch (error) {
        if (signal.aborted) return
        const problem = Problem.of(error)
        if (!again(problem)) return this.#change(slot, { state: 'failed', problem })
        slot.ask = slot.id !== null
        if (problem.code === 'not_found') slot.id = null
        // Whatever got through starts the count of failures anew.
        attempt = slot.attachment.sent > before ? 0 : attempt + 1
        this.#change(slot, { state: 'uploading' })
        await this.#pause(Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt, 6)), signal)
      }
    }
  }

  async #transfer(slot: Slot): Promise<StoredFile> {
    const { attachment, abort } = slot
    const { name, size, type, details, blob } = attachment
    if (!blob) throw new Problem('upload_lost')
    let upload = slot.id && slot.ask ? await this.#far(slot.id) : null
    if (upload?.file) return upload.file
    if (!upload) {
      const { width, height, duration_ms, waveform } = details
      upload = await this.#api.files.begin({
        name,
        size,
        ...(type ? { mime: type } : {}),
        ...(width && height ? { width, height } : {}),
        ...(duration_ms === undefined ? {} : { duration_ms }),
        ...(waveform ? { waveform } : {}),
      })
      slot.id = upload.id
    }
    const headers = this.#api.http.headers()
    for (;;) {
      const { id, offset, chunk_size } = upload
      this.#change(slot, { state: 'uploading', sent: offset })
      const chunk = blob.slice(offset, offset + chunk_size)
      upload = await this.#send(
        this.#api.files.uploadUrl(id),
        { ...headers, 'Upload-Offset': String(offset), 'Content-Type': 'application/octet-stream' },
        chunk,
        (sent) => this.#change(slot, { sent: offset + sent }),
        abort.signal,
      )
      if (upload.file) return this.#illustrated(upload.file, slot.poster)
    }
  }

  /** A film with its poster; without one where that fails. */
  async #illustrated(file: StoredFile, poster: Blob | undefined): Promise<StoredFile> {
    if (!poster || file.kind !== 'video') return file
    return this.#api.files.setPoster(file.id, poster).catch(() => file)
  }

  /** How far the server is; the file, where only the last answer was lost; null where it knows of none. */
  async #far(id: string): Promise<Upload | null> {
    try {
      return await this.#api.files.progress(id)
    } catch (error) {
      if (Problem.of(error).code !== 'not_found') throw error
    }
    const file = await this.#api.files.get(id).catch(() => null)
    return file && { id, offset: file.size, size: file.size, chunk_size: 0, expires_at: 0, file }
  }

  #pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer)
        this.#wakes.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      const timer = setTimeout(wake, ms)
      this.#wakes.add(wake)
      signal.addEventListener('abort', wake)
    })
  }

  /** Notes what has arrived and is not sent, for the next page. */
  #remember(): void {
    const kept: Record<string, Attachment[]> = {}
    for (const [lane, cell] of this.#lanes) {
      const done = cell.get().filter((each) => each.file)
      if (done.length) kept[lane] = done.map(({ blob: _blob, ...rest }) => rest)
    }
    try {
      globalThis.localStorage?.setItem(this.#memory, JSON.stringify(kept))
    } catch {
      // A full or forbidden store: nothing survives a reload then.
    }
  }

  #recall(): void {
    try {
      const kept: unknown = JSON.parse(globalThis.localStorage?.getItem(this.#memory) ?? '{}')
      for (const [lane, list] of Object.entries(kept as Record<string, Attachment[]>)) {
        const fit = list.filter(({ file }) => file && Date.now() - file.created_at / 1000 < KEEP_MS)
        for (const each of fit) this.#slots.set(each.key, fresh(each, undefined))
        if (fit.length) this.#lane(lane).set(fit)
      }
    } catch {
      // Of another version, or damaged.
    }
  }
}

function fresh(attachment: Attachment, poster: Blob | undefined): Slot {
  return {
    attachment,
    poster,
    id: null,
    ask: false,
    abort: new AbortController(),
    running: false,
    waiters: [],
  }
}

function outgoing({ key, name, size, type, details, file }: Attachment): OutgoingFile {
  if (!file) return { key, name, size, url: null, mime: type || null, ...details }
  const { id, name: kept, mime, size: bytes, kind, thumb, preview: _, created_at: __, ...rest } = file
  return { key, id, name: kept, size: bytes, url: null, mime, kind, thumb, ...rest }
}

/** Whether the same upload may go on later. */
function again(problem: Problem): boolean {
  return (
    problem.transient || ['upload_offset', 'upload_busy', 'upload_broken', 'not_found'].includes(problem.code)
  )
}

/** By XMLHttpRequest: `fetch` does not tell how much has left. */
const sendByXhr: SendChunk = (url, headers, chunk, progress, signal) =>
  new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.open('PATCH', url)
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value)
    xhr.upload.onprogress = (event) => progress(event.loaded)
    xhr.onerror = xhr.ontimeout = () => reject(Problem.offline())
    xhr.onabort = () => reject(new Problem('aborted'))
    xhr.onload = () => {
      const body: unknown = parsed(xhr.responseText)
      if (xhr.status >= 200 && xhr.status < 300) resolve(body as Upload)
      else reject(Problem.from(body, xhr.status, Number(xhr.getResponseHeader('Retry-After')) || undefined))
    }
    signal.addEventListener('abort', () => xhr.abort())
    xhr.send(chunk)
  })

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
