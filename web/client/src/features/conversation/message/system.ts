import type { Message } from '@weft/sdk'

import { systemPart } from '../rows'

/** A system line before it is put into words. */
export interface SystemStory {
  /** i18n key under `system`, or `unknown`. */
  code: string
  /** Who did it. */
  actor: string
  /** Whom it concerns, without repetition. */
  subjects: string[]
  /** A new name, topic or purpose. */
  text: string
  /** The conversation that it refers to. */
  place: string | undefined
}

const KNOWN = new Set([
  'member.joined',
  'member.left',
  'member.invited',
  'member.removed',
  'conversation.created',
  'conversation.renamed',
  'topic.changed',
  'purpose.changed',
  'history.changed',
  'conversation.archived',
  'conversation.unarchived',
  'message.pinned',
  'message.unpinned',
  'history.imported',
  'vanish.changed',
])
const TEXTS = ['name', 'topic', 'purpose', 'history', 'text', 'to', 'new']

/** Reads a run of system messages of one code. Parameters are taken as they come: nothing here may throw. */
export function readStory(messages: readonly Message[]): SystemStory {
  const first = messages[0]!
  const part = systemPart(first)
  const code = part && KNOWN.has(part.code) ? part.code : 'unknown'
  const subjects = new Set<string>()
  for (const m of messages) {
    const named = people(systemPart(m)?.params)
    if (named.length === 0 || code === 'member.joined' || code === 'member.left') {
      for (const id of named.length > 0 ? named : [m.from]) subjects.add(id)
    } else for (const id of named) if (id !== m.from) subjects.add(id)
  }
  const params: Record<string, unknown> = part?.params ?? {}
  const text =
    TEXTS.map((k) => params[k]).find((v): v is string => typeof v === 'string' && !isPerson(v)) ?? ''
  const place = typeof params.conversation === 'string' ? params.conversation : undefined
  return { code, actor: first.from, subjects: [...subjects], text, place }
}

const isPerson = (v: unknown): v is string => typeof v === 'string' && v.startsWith('usr_')

function people(params: Record<string, unknown> | undefined): string[] {
  if (!params || typeof params !== 'object') return []
  return Object.entries(params)
    .filter(([key]) => key !== 'by')
    .flatMap(([, v]) => (Array.isArray(v) ? v : [v]))
    .filter(isPerson)
}
