import type { MessageUrgency, Micros } from './types'

/** How a message comes to somebody. */
export type UrgentStep = 'app' | 'push' | 'email' | 'sms' | 'phone'

export type UrgentStepState = 'waiting' | 'under_way' | 'done' | 'failed' | 'left_out' | 'unknown'

export interface UrgentStepSeen {
  step: UrgentStep
  state: UrgentStepState
  at: Micros
  detail: string | null
}

export interface UrgentPerson {
  id: string
  confirmed_at: Micros | null
  steps: UrgentStepSeen[]
}

export interface UrgentPage extends MessageUrgency {
  items: UrgentPerson[]
}

/** Minutes of a day in the person's own zone. */
export interface QuietHours {
  from: number
  to: number
}

export interface UrgentStepPolicy {
  step: UrgentStep
  after_minutes: number
  breaks_quiet: boolean
  per_month: number | null
}

export interface UrgentPolicy {
  enabled: boolean
  senders: 'owners' | 'admins' | 'members' | 'everybody'
  people_limit: number
  per_person_per_day: number
  per_org_per_day: number
  stops_on: 'confirmed' | 'read'
  with_text: boolean
  quiet: QuietHours | null
  steps: UrgentStepPolicy[]
}

export interface UrgentPolicyAnswer {
  policy: UrgentPolicy
  /** What this server can do for the org now. */
  offered: UrgentStep[]
}

export interface Urgency {
  may_send: boolean
  people_limit: number
  left_today: number
  steps: UrgentStepPolicy[]
}

export interface UrgentUsed {
  messages: number
  push: number
  email: number
  sms: number
  phone: number
}

export interface UrgentUsage {
  since: Micros
  total: UrgentUsed
  items: (UrgentUsed & { id: string })[]
}

export interface UrgentDelivery {
  at: Micros
  message: string
  conversation: string
  to: string | null
  from: string | null
  step: UrgentStep
  state: UrgentStepState
  detail: string | null
}

export interface UrgentPreferences {
  quiet: QuietHours | null
  calls_per_day: number | null
}

export interface OwnNumber {
  number: string | null
  verified: boolean
  can_verify: boolean
  code_sent: boolean
}

export type GatewayKind = 'sms' | 'phone'

export interface GatewayTemplate {
  preset: string | null
  method: 'GET' | 'POST' | 'PUT'
  url: string
  headers: { name: string; value: string }[]
  basic: { user: string; password: string } | null
  encoding: 'json' | 'form' | 'none'
  body: string
  success: { pointer: string | null; equals: string | null }
}

export interface PhoneGateway {
  kind: GatewayKind
  template: GatewayTemplate
  /** Names only. */
  secrets: string[]
  changed_at: Micros
}

export interface GatewayPreset {
  id: string
  name: string
  kind: GatewayKind
  secrets: string[]
  docs: string
  template: GatewayTemplate
}

export interface PhoneGateways {
  items: PhoneGateway[]
  presets: GatewayPreset[]
  visible: 'admins' | 'members'
}
