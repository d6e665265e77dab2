import type { UrgentStep } from '@weft/sdk'

export type {
  UrgentStep as Step,
  UrgentStepState as StepState,
  UrgentStepSeen as StepSeen,
  UrgentStepPolicy as StepPolicy,
  UrgentPolicy as Policy,
  QuietHours as Quiet,
  UrgentUsed as Used,
  UrgentDelivery as Delivery,
  UrgentPreferences as Preferences,
  PhoneGateway as Gateway,
  PhoneGateways as Gateways,
  GatewayKind,
  GatewayTemplate as Template,
  GatewayPreset as Preset,
  OwnNumber,
} from '@weft/sdk'

/** The steps, in their usual order. */
export const STEPS: readonly UrgentStep[] = ['app', 'push', 'email', 'sms', 'phone']
