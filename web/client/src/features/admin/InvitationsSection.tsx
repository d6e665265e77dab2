import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link2, Mail, MailPlus } from 'lucide-react'
import { Button, EmptyState, SkeletonRows, Tag, toast } from '@weft/ui'
import type { Invitation } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { CopyButton } from '../../shared/CopyButton'
import { useAction, useLoaded } from '../../shared/hooks'
import { absolute } from '../../shared/paths'
import { ProblemBanner, toastProblem } from '../../shared/problem'
import { Group } from '../../shared/SectionPages'
import { day, full } from '../../shared/time'
import { InvitationDialog } from './InvitationDialog'
import s from '../../shared/sections.module.css'

/** The ways in that are open now. */
export function InvitationsSection() {
  const { t } = useTranslation('admin')
  const weft = useWeft()
  const [making, setMaking] = useState(false)
  const loaded = useLoaded(() => weft.api.invitations.list(), [weft])
  const items = loaded.data?.items
  return (
    <Group title={t('invitations.open')} note={t('invitations.note')}>
      <div className={s.row}>
        <Button variant="primary" icon={<MailPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
          {t('invitations.create')}
        </Button>
      </div>
      <ProblemBanner problem={loaded.problem} retry={loaded.reload} />
      {!items && !loaded.problem && <SkeletonRows rows={3} face={false} />}
      {items?.length === 0 && (
        <EmptyState icon={<MailPlus size={28} aria-hidden />} title={t('invitations.none')}>
          {t('invitations.what')}
        </EmptyState>
      )}
      {items && items.length > 0 && (
        <ul className={s.items}>
          {items.map((invitation) => (
            <InvitationLine
              key={invitation.id}
              invitation={invitation}
              onRevoked={() =>
                loaded.patch((page) => ({
                  ...page,
                  items: page.items.filter((each) => each.id !== invitation.id),
                }))
              }
            />
          ))}
        </ul>
      )}
      {making && <InvitationDialog onClose={() => setMaking(false)} onMade={loaded.reload} />}
    </Group>
  )
}

function InvitationLine({ invitation, onRevoked }: { invitation: Invitation; onRevoked: () => void }) {
  const { t } = useTranslation('admin')
  const weft = useWeft()
  const revoke = useAction(async () => {
    try {
      await weft.api.invitations.remove(invitation.id)
      toast({ text: t('invitations.revoked') })
      onRevoked()
    } catch (error) {
      toastProblem(error)
    }
  })
  const { expires_at: expires, max_uses: max, uses, email, role, url } = invitation
  const over = expires !== null && expires < Date.now() * 1000
  const facts = [
    expires === null ? t('invitations.never') : t('invitations.until', { day: day(expires) }),
    max
      ? t('invitations.usedOf', { uses: uses ?? 0, max })
      : uses
        ? t('invitations.used', { count: uses })
        : null,
  ].filter(Boolean)
  return (
    <li>
      {email ? <Mail size={18} aria-hidden /> : <Link2 size={18} aria-hidden />}
      <div className={s.what}>
        <div className={s.name}>
          {email ?? t('invitations.link')} <Tag>{t(`common:tag.${role}`)}</Tag>
          {invitation.claims && <Tag tone="accent">{t('invitations.claims')}</Tag>}
          {over && <Tag tone="warning">{t('invitations.expired')}</Tag>}
        </div>
        <div className={s.quiet} title={expires ? full(expires) : undefined}>
          {facts.join(' · ')}
        </div>
      </div>
      {url && !over && <CopyButton text={absolute(url)} label={t('invitations.copy')} />}
      <Button size="s" busy={revoke.busy} onClick={() => void revoke.run()}>
        {t('invitations.revoke')}
      </Button>
    </li>
  )
}
