import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { Banner, Button, TextField, toast } from '@weft/ui'
import { useAction } from '../../shared/hooks'
import { paths } from '../../shared/paths'
import { fieldError, ProblemBanner } from '../../shared/problem'
import { session } from '../../shared/session'
import { EntryFrame } from './EntryFrame'

/** Asks for a reset link. The answer is the same whether or not the address is known. */
export function ForgotPage() {
  const { t } = useTranslation('entry')
  const [email, setEmail] = useState('')
  const [sent, setSent] = useState(false)
  const act = useAction(async () => {
    await session.api.auth.forgotPassword(email.trim())
    setSent(true)
  })
  const back = <Link href={paths.signIn}>{t('backToSignIn')}</Link>
  if (sent) {
    return (
      <EntryFrame title={t('forgot.sentTitle')} foot={back}>
        <p>{t('forgot.sentBody', { email })}</p>
      </EntryFrame>
    )
  }
  return (
    <EntryFrame title={t('forgot.title')} lead={t('forgot.lead')} foot={back} onSubmit={() => void act.run()}>
      <TextField
        label={t('email')}
        type="email"
        autoComplete="username"
        autoFocus
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <ProblemBanner problem={act.problem} />
      <Button type="submit" variant="primary" size="l" wide busy={act.busy}>
        {t('forgot.submit')}
      </Button>
    </EntryFrame>
  )
}

/** Sets a new password with the token of the link. */
export function ResetPage({ token }: { token: string }) {
  const { t } = useTranslation('entry')
  const [, go] = useLocation()
  const [password, setPassword] = useState('')
  const act = useAction(async () => {
    await session.api.auth.resetPassword(token, password)
    toast({ text: t('reset.done') })
    go(paths.signIn, { replace: true })
  })
  return (
    <EntryFrame
      title={t('reset.title')}
      lead={t('reset.lead')}
      foot={<Link href={paths.forgot}>{t('reset.another')}</Link>}
      onSubmit={() => void act.run()}
    >
      <TextField
        label={t('reset.password')}
        type="password"
        autoComplete="new-password"
        hint={t('passwordHint')}
        minLength={10}
        autoFocus
        required
        value={password}
        error={fieldError(t, act.problem, 'password')}
        onChange={(event) => setPassword(event.target.value)}
      />
      {!act.problem?.field && <ProblemBanner problem={act.problem} />}
      <Button type="submit" variant="primary" size="l" wide busy={act.busy}>
        {t('reset.submit')}
      </Button>
    </EntryFrame>
  )
}

/** Confirms a new e-mail address; a press, so that a mail scanner that follows links confirms nothing. */
export function EmailPage({ token }: { token: string }) {
  const { t } = useTranslation('entry')
  const [, go] = useLocation()
  const [done, setDone] = useState(false)
  const act = useAction(async () => {
    await session.api.auth.confirmEmail(token)
    setDone(true)
  })
  return (
    <EntryFrame title={t('confirm.title')} lead={done ? undefined : t('confirm.lead')}>
      {done && <Banner tone="success">{t('confirm.done')}</Banner>}
      <ProblemBanner problem={act.problem} />
      {done ? (
        <Button variant="primary" size="l" wide onClick={() => go('/', { replace: true })}>
          {t('confirm.open')}
        </Button>
      ) : (
        <Button variant="primary" size="l" wide busy={act.busy} onClick={() => void act.run()}>
          {t('confirm.submit')}
        </Button>
      )}
    </EntryFrame>
  )
}
