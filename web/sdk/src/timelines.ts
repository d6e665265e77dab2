import { LiveTimeline, type TimelineHost } from './timeline'
import type { Touch } from './sync/apply'
import { draftKey } from './sync/model'

/** Timelines in memory; those nobody looks at go first. */
const MAX_TIMELINES = 20
const SAVE_MS = 2000

/** The open timelines, fed by events and saved as tails. */
export class Timelines {
  readonly #host: TimelineHost
  readonly #open = new Map<string, LiveTimeline>()
  readonly #dirty = new Set<string>()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(host: TimelineHost) {
    this.#host = host
  }

  get(conversation: string, thread: string | null): LiveTimeline {
    const lane = draftKey(conversation, thread)
    let timeline = this.#open.get(lane)
    if (timeline) this.#open.delete(lane)
    else timeline = this.#make(conversation, thread)
    // The map's order is the order of use.
    this.#open.set(lane, timeline)
    this.#evict()
    return timeline
  }

  /** Passes on a touch to the lanes of its conversation. */
  apply(conversation: string, touch: Touch): void {
    for (const timeline of this.#of(conversation)) timeline.apply(touch)
  }

  /** An event that the core leaves to others: of a topic, windows take the name. */
  other(touch: Extract<Touch, { t: 'other' }>): void {
    const topic = touch.ev['topic'] as { conversation?: string } | undefined
    if (topic?.conversation) this.apply(topic.conversation, touch)
  }

  /** The outbox or a read mark changed. */
  refresh(conversation: string): void {
    for (const timeline of this.#of(conversation)) timeline.refresh()
  }

  /** Events of a conversation are missing. */
  reset(conversation: string): void {
    for (const timeline of this.#of(conversation)) timeline.reset()
  }

  resetAll(): void {
    for (const timeline of this.#open.values()) timeline.reset()
  }

  reconnected(): void {
    for (const timeline of this.#open.values()) timeline.reconnected()
  }

  /** A message that is in a window, by id. */
  find(conversation: string, id: string) {
    for (const timeline of this.#of(conversation)) {
      const message = timeline.findById(id)
      if (message) return message
    }
    return undefined
  }

  /** The open window of a lane, if there is one. */
  peek(conversation: string, thread: string | null = null): LiveTimeline | undefined {
    return this.#open.get(draftKey(conversation, thread))
  }

  drop(conversation: string): void {
    for (const timeline of this.#of(conversation)) {
      this.#open.delete(timeline.lane)
      this.#dirty.delete(timeline.lane)
    }
  }

  /** Writes the tails of what changed. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const lane of this.#dirty) {
      const tail = this.#open.get(lane)?.snapshot()
      if (tail) this.#host.saveTail(tail)
    }
    this.#dirty.clear()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#open.clear()
    this.#dirty.clear()
  }

  #make(conversation: string, thread: string | null): LiveTimeline {
    const timeline = new LiveTimeline(this.#host, conversation, thread)
    timeline.onChange = () => {
      this.#dirty.add(timeline.lane)
      this.#timer ??= setTimeout(() => this.flush(), SAVE_MS)
    }
    return timeline
  }

  #of(conversation: string): LiveTimeline[] {
    return [...this.#open.values()].filter((t) => t.conversation === conversation)
  }

  #evict(): void {
    if (this.#open.size <= MAX_TIMELINES) return
    for (const timeline of [...this.#open.values()].slice(0, -1)) {
      if (this.#open.size <= MAX_TIMELINES) return
      if (timeline.view.watchers > 0) continue
      const tail = timeline.snapshot()
      if (tail) this.#host.saveTail(tail)
      this.#open.delete(timeline.lane)
      this.#dirty.delete(timeline.lane)
    }
  }
}
