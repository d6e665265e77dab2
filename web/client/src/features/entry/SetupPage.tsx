import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { Button, EmptyState, TextField } from '@weft/ui'
import { locale } from '../../i18n'
import { useAction, useLoaded } from '../../shared/hooks'
import { paths } from '../../shared/paths'
import { fieldError, ProblemBanner } from '../../shared/problem'
import { session } from '../../shared/session'
import { EntryFrame } from './EntryFrame'

/** First start: names the company and makes its owner. The one-time token comes in the address. */
export default function SetupPage() {
  const { t } = useTranslation('entry')
  const [, go] = useLocation()
  const given = new URLSearchParams(location.search).get('token') ?? ''
  const [form, setForm] = useState({ token: given, org_name: '', name: '', email: '', password: '' })
  const state = useLoaded(() => session.api.setup.state(), [])
  const act = useAction(async () => {
    const me = await session.api.setup.run({ ...form, locale: locale() })
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
  if (state.data && !state.data.needed) {
    return (
      <EntryFrame title={t('setup.doneTitle')}>
        <EmptyState
          title={t('setup.doneBody')}
          action={
            <Button variant="primary" onClick={() => go(paths.signIn)}>
              {t('signIn.title')}
            </Button>
          }
        />
      </EntryFrame>
    )
  }
  return (
    <EntryFrame title={t('setup.title')} lead={t('setup.lead')} onSubmit={() => void act.run()}>
      {!given && (
        <TextField
          label={t('setup.token')}
          hint={t('setup.tokenHint')}
          autoComplete="off"
          {...field('token')}
        />
      )}
      <TextField
        label={t('setup.org')}
        placeholder={t('setup.orgExample')}
        autoComplete="organization"
        autoFocus
        maxLength={80}
        {...field('org_name')}
      />
      <TextField label={t('name')} autoComplete="name" maxLength={80} {...field('name')} />
      <TextField label={t('email')} type="email" autoComplete="username" {...field('email')} />
      <TextField
        label={t('password')}
        type="password"
        autoComplete="new-password"
        hint={t('passwordHint')}
        minLength={10}
        {...field('password')}
      />
      {!act.problem?.field && <ProblemBanner problem={act.problem ?? state.problem} />}
      <Button type="submit" variant="primary" size="l" wide busy={act.busy}>
        {t('setup.submit')}
      </Button>
    </EntryFrame>
  )
}
