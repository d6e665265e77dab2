import type {
  GatewayKind,
  GatewayTemplate,
  OwnNumber,
  PhoneGateway,
  PhoneGateways,
  QuietHours,
  Urgency,
  UrgentDelivery,
  UrgentPage,
  UrgentPolicy,
  UrgentPolicyAnswer,
  UrgentPreferences,
  UrgentUsage,
} from '../urgentTypes'
import type { Message, Page } from '../types'
import { type Http, seg } from './http'

/** Urgent messages. */
export function urgentRoutes(http: Http) {
  const at = (id: string, rest = ''): string => `/messages/${seg(id)}/urgent${rest}`
  return {
    /** A message of mine becomes urgent, for all it is for or for these. */
    buzz: (id: string, people?: string[]): Promise<Message> =>
      http.request('POST', at(id), { body: people ? { people } : {} }),
    page: (id: string): Promise<UrgentPage> => http.request('GET', at(id)),
    cancel: (id: string): Promise<void> => http.request('DELETE', at(id)),
    seen: (id: string): Promise<void> => http.request('PUT', at(id, '/seen')),
    urgency: (): Promise<Urgency> => http.request('GET', '/urgent'),
    policy: (): Promise<UrgentPolicyAnswer> => http.request('GET', '/urgent/policy'),
    setPolicy: (policy: UrgentPolicy): Promise<UrgentPolicyAnswer> =>
      http.request('PUT', '/urgent/policy', { body: policy }),
    usage: (): Promise<UrgentUsage> => http.request('GET', '/urgent/usage'),
    deliveries: (cursor: string | null): Promise<Page<UrgentDelivery>> =>
      http.request('GET', '/urgent/deliveries', { query: { cursor } }),
    preferences: (): Promise<UrgentPreferences & { org_quiet: QuietHours | null }> =>
      http.request('GET', '/me/urgent'),
    setPreferences: (
      body: UrgentPreferences,
    ): Promise<UrgentPreferences & { org_quiet: QuietHours | null }> =>
      http.request('PUT', '/me/urgent', { body }),
  }
}

/** Phone numbers and the gateways that reach them. */
export function phoneRoutes(http: Http) {
  const gateway = (kind: GatewayKind, rest = ''): string => `/phone-gateways/${seg(kind)}${rest}`
  return {
    own: (): Promise<OwnNumber> => http.request('GET', '/me/phone'),
    setOwn: (number: string): Promise<OwnNumber> => http.request('PUT', '/me/phone', { body: { number } }),
    removeOwn: (): Promise<void> => http.request('DELETE', '/me/phone'),
    verifyOwn: (code: string): Promise<OwnNumber> =>
      http.request('POST', '/me/phone/verify', { body: { code } }),
    of: (person: string): Promise<{ number: string | null; verified: boolean }> =>
      http.request('GET', `/principals/${seg(person)}/phone`),
    gateways: (): Promise<PhoneGateways> => http.request('GET', '/phone-gateways'),
    setGateway: (
      kind: GatewayKind,
      body: { template: GatewayTemplate; secrets: Record<string, string | null> },
    ): Promise<PhoneGateway> => http.request('PUT', gateway(kind), { body }),
    removeGateway: (kind: GatewayKind): Promise<void> => http.request('DELETE', gateway(kind)),
    /** Really sends to my own number. */
    testGateway: (kind: GatewayKind): Promise<{ number: string }> =>
      http.request('POST', gateway(kind, '/test')),
    setVisible: (visible: PhoneGateways['visible']): Promise<void> =>
      http.request('PUT', '/phone-visibility', { body: { visible } }),
  }
}
