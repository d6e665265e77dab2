import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { Avatar, Banner, Button, Skeleton, TextField } from '@weft/ui'
import type { InvitationPreview } from '@weft/sdk'
import { useAction, useLoaded } from '../../shared/hooks'
import { paths } from '../../shared/paths'
import { fieldError, ProblemBanner } from '../../shared/problem'
import { session } from '../../shared/session'
import { EntryFrame } from './EntryFrame'
import s from './entry.module.css'

/** An invitation's link: join with the account in use, sign in to one, or make one. */
export default function InvitePage({ token }: { token: string }) {
  const { t } = useTranslation('entry')
  const loaded = useLoaded(async () => {
    const [preview, who] = await Promise.all([session.api.invitations.preview(token), session.check()])
    return { preview, me: who.at === 'in' ? who.me : null }
  }, [token])
  if (loaded.problem) {
    return (
      <EntryFrame title={t('invite.failedTitle')} lead={t('invite.failedBody')}>
        <ProblemBanner problem={loaded.problem} retry={loaded.reload} />
      </EntryFrame>
    )
  }
  if (!loaded.data) {
    return (
      <EntryFrame title={t('invite.loading')}>
        <Skeleton height={20} />
        <Skeleton height={36} />
        <Skeleton height={36} />
      </EntryFrame>
    )
  }
  return (
    <Accept token={token} preview={loaded.data.preview} account={loaded.data.me?.account.email ?? null} />
  )
}

function Accept({
  token,
  preview,
  account,
}: {
  token: string
  preview: InvitationPreview
  account: string | null
}) {
  const { t } = useTranslation('entry')
  const [, go] = useLocation()
  const [mode, setMode] = useState<'join' | 'sign-in' | 'sign-up'>(
    account ? 'join' : preview.account_exists ? 'sign-in' : 'sign-up',
  )
  const [form, setForm] = useState({
    name: preview.claims?.name ?? '',
    email: preview.email ?? '',
    password: '',
  })
  const act = useAction(async () => {
    const api = session.api
    if (mode === 'sign-in') await api.auth.signIn(form.email.trim(), form.password)
    const me = await api.invitations.accept(
      token,
      mode === 'sign-up' ? { ...form, email: form.email.trim() } : {},
    )
    session.enter(me)
    go(paths.home(me.org.id), { replace: true })
  })
  const field = (name: keyof typeof form) => ({
    value: form[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) =>
      setForm({ ...form, [name]: event.target.value }),
    error: fieldError(t, act.problem, name),
    required: true,
  })
  const password =
    mode === 'sign-up'
      ? { autoComplete: 'new-password', hint: t('passwordHint'), minLength: 10 }
      : { autoComplete: 'current-password' }
  return (
    <EntryFrame
      title={t('invite.title', { org: preview.org.name })}
      lead={t('invite.lead', { role: t(`common:tag.${preview.role}`) })}
      onSubmit={() => void act.run()}
    >
      {preview.claims && (
        <Banner>
          <div className={s.row}>
            <Avatar id={preview.claims.name} name={preview.claims.name} size={36} />
            <span>{t('invite.claims', { name: preview.claims.name })}</span>
          </div>
        </Banner>
      )}
      {mode === 'join' && <div className={s.who}>{t('invite.as', { email: account })}</div>}
      {mode === 'sign-up' && (
        <TextField label={t('name')} autoComplete="name" maxLength={80} autoFocus {...field('name')} />
      )}
      {mode !== 'join' && (
        <>
          <TextField
            label={t('email')}
            type="email"
            autoComplete="username"
            readOnly={Boolean(preview.email)}
            {...field('email')}
          />
          <TextField label={t('password')} type="password" {...password} {...field('password')} />
        </>
      )}
      {!act.problem?.field && <ProblemBanner problem={act.problem} />}
      <Button type="submit" variant="primary" size="l" wide busy={act.busy}>
        {t('invite.submit', { org: preview.org.name })}
      </Button>
      <Button
        variant="ghost"
        wide
        onClick={() => setMode(mode === 'sign-up' ? 'sign-in' : 'sign-up')}
        hidden={mode === 'join'}
      >
        {mode === 'sign-up' ? t('invite.haveAccount') : t('invite.noAccount')}
      </Button>
    </EntryFrame>
  )
}
