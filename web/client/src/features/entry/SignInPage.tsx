import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { Banner, Button, TextField } from '@weft/ui'
import { useAction } from '../../shared/hooks'
import { paths } from '../../shared/paths'
import { ProblemBanner } from '../../shared/problem'
import { session } from '../../shared/session'
import { EntryFrame } from './EntryFrame'
import s from './entry.module.css'

/** Where the reader wanted to go before being asked to sign in; only ever a path of this client. */
function wanted(): string | null {
  const next = new URLSearchParams(location.search).get('next')
  return next && /^\/(o|invite)\/[^\\]*$/.test(next) ? next : null
}

export default function SignInPage() {
  const { t } = useTranslation('entry')
  const [, go] = useLocation()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const state = session.get()
  const why = state.at === 'out' && state.why !== 'signed_out' ? state.why : undefined
  const act = useAction(async () => {
    const me = await session.signIn(email.trim(), password)
    go(wanted() ?? paths.home(me.org.id), { replace: true })
  })
  return (
    <EntryFrame title={t('signIn.title')} foot={t('signIn.foot')} onSubmit={() => void act.run()}>
      {why && !act.problem && <Banner tone="warning">{t(`signIn.${why}`)}</Banner>}
      <TextField
        label={t('email')}
        type="email"
        autoComplete="username"
        autoFocus
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextField
        label={t('password')}
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <ProblemBanner problem={act.problem} />
      <Button type="submit" variant="primary" size="l" wide busy={act.busy}>
        {t('signIn.submit')}
      </Button>
      <div className={s.row}>
        <Link href={paths.forgot}>{t('forgot.link')}</Link>
      </div>
    </EntryFrame>
  )
}
