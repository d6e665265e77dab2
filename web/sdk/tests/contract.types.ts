/** Checked by the compiler: the SDK's hand-written types have the fields of the server's description, no others. */
import type { ConversationPatch, MemberChange } from '../src/frames'
import type { components } from '../src/generated/api'
import type * as later from '../src/laterTypes'
import type * as sdk from '../src/types'

type Server = components['schemas']

/** The fields that only one of two types has; never where there are none. */
type Difference<A, B> = Exclude<keyof A, keyof B> | Exclude<keyof B, keyof A>

/** Fails to compile where a difference is left. */
type Same<D extends never> = D

export type Checks = [
  Same<Difference<Server['Scheduled'], later.Scheduled>>,
  Same<Difference<Server['SavedMark'], later.SavedMark>>,
  Same<Difference<Server['SavedItem'], later.SavedItem>>,
  Same<Difference<Server['SavedPatch'], later.SavedPatch>>,
  Same<Difference<Server['Principal'], sdk.Principal>>,
  Same<Difference<Server['UserStatus'], sdk.Status>>,
  Same<Difference<Server['Conversation'], sdk.Conversation>>,
  Same<Difference<Server['Membership'], sdk.Membership>>,
  Same<Difference<Server['Summary'], ConversationPatch>>,
  Same<Difference<Server['MemberState'], MemberChange>>,
  Same<Difference<Server['MemberItem'], sdk.Member>>,
  Same<Difference<Server['Message'], sdk.Message>>,
  Same<Difference<Server['TopicRef'], sdk.TopicRef>>,
  Same<Difference<Server['Topic'], sdk.Topic>>,
  Same<Difference<Server['TopicItem'], sdk.TopicItem>>,
  Same<Difference<Server['TopicPage'], sdk.TopicPage>>,
  Same<Difference<Server['Content'], sdk.Content>>,
  Same<Difference<Server['Reaction'], sdk.Reaction>>,
  Same<Difference<Server['Replies'], sdk.Replies>>,
  Same<Difference<Server['MessagePage'], sdk.MessagePage>>,
  Same<Difference<Server['Bootstrap'], sdk.Bootstrap>>,
  Same<Difference<Server['Draft'], sdk.Draft>>,
  Same<Difference<Server['ThreadItem'], sdk.ThreadItem>>,
  Same<Difference<Server['Ack'], sdk.MessageAck>>,
  Same<Difference<Server['AckRequest'], sdk.AckRequest>>,
  Same<Difference<Server['AckPage'], sdk.AckPage>>,
  Same<Difference<Server['AckPerson'], sdk.AckPerson>>,
  Same<Difference<Server['WaitingPage'], sdk.WaitingPage>>,
  Same<Difference<Server['Alerts'], sdk.Alerts>>,
  Same<Difference<Server['Dnd'], sdk.Dnd>>,
  Same<Difference<Server['InboxItem'], sdk.InboxItem>>,
  Same<Difference<Server['ReceiptPage'], sdk.ReceiptPage>>,
  Same<Difference<Server['ReceiptPerson'], sdk.ReceiptPerson>>,
  Same<Difference<Server['ReceiptsPolicy'], sdk.ReceiptsPolicy>>,
  Same<Difference<Server['Me'], sdk.Me>>,
  Same<Difference<Server['Account'], sdk.Account>>,
  Same<Difference<Server['OrgSeat'], sdk.OrgSeat>>,
  Same<Difference<Server['Session'], sdk.SessionInfo>>,
  Same<Difference<Server['AccessToken'], sdk.Token>>,
  Same<Difference<Server['CreatedInvitation'], sdk.Invitation>>,
  Same<Difference<Server['InvitationView'], sdk.InvitationPreview>>,
  Same<Difference<Server['SetupStatus'], sdk.Setup>>,
  Same<Difference<Server['Import'], sdk.ImportJob>>,
]
