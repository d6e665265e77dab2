import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Banner, Button, Choice, Modal, SelectField, TextField } from '@weft/ui'
import type { Invitation, Principal, Role } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { CopyButton } from '../../shared/CopyButton'
import { useAction } from '../../shared/hooks'
import { absolute } from '../../shared/paths'
import { fieldError, ProblemBanner } from '../../shared/problem'
import { Secret } from '../../shared/SectionPages'

const DAYS = ['1', '7', '30', 'never'] as const

interface Props {
  /** The placeholder whose history the invited person takes over. */
  claims?: Principal
  onClose: () => void
  onMade: (invitation: Invitation) => void
}

/** Invites by e-mail or by a link to hand on; shows the link in either case. */
export function InvitationDialog({ claims, onClose, onMade }: Props) {
  const { t } = useTranslation('admin')
  const weft = useWeft()
  const [way, setWay] = useState<'email' | 'link'>(claims ? 'email' : 'link')
  const [email, setEmail] = useState(claims?.email ?? '')
  const [role, setRole] = useState<Role>('member')
  const [days, setDays] = useState<string>('7')
  const [uses, setUses] = useState('')
  const [made, setMade] = useState<Invitation | null>(null)
  const create = useAction(async () => {
    const limit = claims ? 1 : Number(uses)
    const invitation = await weft.api.invitations.create({
      role,
      ...(way === 'email' && { email: email.trim() }),
      ...(days !== 'never' && { expires_at: (Date.now() + Number(days) * 86_400_000) * 1000 }),
      ...(way === 'link' && limit > 0 && { max_uses: limit }),
      ...(claims && { claims: claims.id }),
    })
    setMade(invitation)
    onMade(invitation)
  })
  if (made) return <Made invitation={made} email={way === 'email' ? email.trim() : null} onClose={onClose} />
  return (
    <Modal
      title={claims ? t('invitations.claimTitle', { name: claims.name }) : t('invitations.create')}
      onClose={onClose}
      onSubmit={() => void create.run()}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button
            type="submit"
            variant="primary"
            busy={create.busy}
            disabled={way === 'email' && !email.trim()}
          >
            {way === 'email' ? t('invitations.send') : t('invitations.makeLink')}
          </Button>
        </>
      }
    >
      {claims && <Banner>{t('invitations.claimBody', { name: claims.name })}</Banner>}
      <Choice
        label={t('invitations.way')}
        value={way}
        options={[
          { value: 'link', label: t('invitations.link') },
          { value: 'email', label: t('invitations.email') },
        ]}
        onChange={setWay}
      />
      {way === 'email' && (
        <TextField
          label={t('invitations.address')}
          type="email"
          required
          value={email}
          error={fieldError(t, create.problem, 'email')}
          onChange={(event) => setEmail(event.target.value)}
        />
      )}
      <SelectField
        label={t('invitations.role')}
        value={role}
        onChange={(event) => setRole(event.target.value as Role)}
      >
        {(['member', 'guest', 'admin'] as Role[]).map((each) => (
          <option key={each} value={each}>
            {t(`common:tag.${each}`)}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t('invitations.expiry')}
        value={days}
        onChange={(event) => setDays(event.target.value)}
      >
        {DAYS.map((each) => (
          <option key={each} value={each}>
            {each === 'never' ? t('invitations.never') : t('invitations.days', { count: Number(each) })}
          </option>
        ))}
      </SelectField>
      {way === 'link' && !claims && (
        <TextField
          label={t('invitations.uses')}
          hint={t('invitations.usesHint')}
          type="number"
          min={1}
          max={100000}
          inputMode="numeric"
          value={uses}
          onChange={(event) => setUses(event.target.value)}
        />
      )}
      {!create.problem?.field && <ProblemBanner problem={create.problem} />}
    </Modal>
  )
}

function Made({
  invitation,
  email,
  onClose,
}: {
  invitation: Invitation
  email: string | null
  onClose: () => void
}) {
  const { t } = useTranslation('admin')
  const url = invitation.url ? absolute(invitation.url) : ''
  return (
    <Modal
      title={t('invitations.made')}
      onClose={onClose}
      footer={
        <Button variant="primary" onClick={onClose}>
          {t('invitations.done')}
        </Button>
      }
    >
      {email && invitation.emailed && <Banner tone="success">{t('invitations.emailed', { email })}</Banner>}
      {email && !invitation.emailed && (
        <Banner tone="warning">{t('invitations.notEmailed', { email })}</Banner>
      )}
      {url && (
        <Secret value={url}>
          <CopyButton text={url} label={t('invitations.copy')} />
        </Secret>
      )}
      <p>{t('invitations.once')}</p>
    </Modal>
  )
}
