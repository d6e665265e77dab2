import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Download, Monitor, Smartphone } from 'lucide-react'
import { Banner, Button, ButtonLink, Modal, SkeletonRows, Switch, Tag, TextField, toast } from '@weft/ui'
import type { SessionInfo } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { useAction, useLoaded } from '../../shared/hooks'
import { fieldError, ProblemBanner, toastProblem } from '../../shared/problem'
import { Group } from '../../shared/SectionPages'
import { session } from '../../shared/session'
import { full, when } from '../../shared/time'
import { describeAgent } from '../../shared/agent'
import s from '../../shared/sections.module.css'

/** Password, address, and where the account is signed in. */
export function AccountSection() {
  const { t } = useTranslation('settings')
  return (
    <>
      <Group title={t('account.password')} note={t('account.passwordNote')}>
        <PasswordForm />
      </Group>
      <Group title={t('account.email')} note={t('account.emailNote')}>
        <EmailForm />
      </Group>
      <Group title={t('account.sessions')} note={t('account.sessionsNote')}>
        <Sessions />
      </Group>
      <Group title={t('export.title')} note={t('export.note')}>
        <Export />
      </Group>
    </>
  )
}

/** A link, so that the browser keeps what comes and shows how far it is. */
function Export() {
  const { t } = useTranslation('settings')
  const weft = useWeft()
  const [files, setFiles] = useState(false)
  return (
    <div className={s.form}>
      <Switch label={t('export.files')} hint={t('export.filesHint')} checked={files} onChange={setFiles} />
      <div>
        <ButtonLink
          href={weft.api.me.exportUrl(weft.org, files)}
          download
          icon={<Download size={16} aria-hidden />}
        >
          {t('export.start')}
        </ButtonLink>
      </div>
    </div>
  )
}

function PasswordForm() {
  const { t } = useTranslation('settings')
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const save = useAction(async () => {
    await session.api.auth.changePassword(current, next)
    setCurrent('')
    setNext('')
    toast({ text: t('account.passwordChanged') })
  })
  const wrong = save.problem?.code === 'bad_credentials'
  const weak = save.problem?.code === 'weak_password' || save.problem?.field === 'new'
  return (
    <form
      className={s.form}
      onSubmit={(event) => {
        event.preventDefault()
        void save.run()
      }}
    >
      <TextField
        label={t('account.current')}
        type="password"
        autoComplete="current-password"
        required
        value={current}
        error={wrong ? t('account.wrongPassword') : undefined}
        onChange={(event) => setCurrent(event.target.value)}
      />
      <TextField
        label={t('account.new')}
        type="password"
        autoComplete="new-password"
        minLength={10}
        required
        hint={t('account.newHint')}
        value={next}
        error={weak ? t('common:problem.weak_password') : undefined}
        onChange={(event) => setNext(event.target.value)}
      />
      {!wrong && !weak && <ProblemBanner problem={save.problem} />}
      <div className={s.row}>
        <Button type="submit" busy={save.busy} disabled={!current || !next}>
          {t('account.changePassword')}
        </Button>
      </div>
    </form>
  )
}

function EmailForm() {
  const { t } = useTranslation('settings')
  const weft = useWeft()
  const [now, setNow] = useState(weft.meView.get().account.email)
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [sent, setSent] = useState('')
  const save = useAction(async () => {
    const wanted = email.trim()
    await session.api.auth.changeEmail(wanted, password)
    // A server without mail has changed it already; one with mail waits for the link to be opened.
    const state = await session.check(weft.org)
    setNow(state.at === 'in' ? state.me.account.email : now)
    setSent(wanted)
    setEmail('')
    setPassword('')
  })
  const wrong = save.problem?.code === 'bad_credentials'
  return (
    <form
      className={s.form}
      onSubmit={(event) => {
        event.preventDefault()
        void save.run()
      }}
    >
      <div className={s.quiet}>{t('account.emailNow', { email: now })}</div>
      {sent && (
        <Banner tone="success">
          {t(sent === now ? 'account.emailChanged' : 'account.emailSent', { email: sent })}
        </Banner>
      )}
      <TextField
        label={t('account.newEmail')}
        type="email"
        autoComplete="email"
        required
        value={email}
        error={fieldError(t, save.problem, 'email')}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextField
        label={t('account.current')}
        type="password"
        autoComplete="current-password"
        required
        value={password}
        error={wrong ? t('account.wrongPassword') : undefined}
        onChange={(event) => setPassword(event.target.value)}
      />
      {!wrong && !save.problem?.field && <ProblemBanner problem={save.problem} />}
      <div className={s.row}>
        <Button type="submit" busy={save.busy} disabled={!email || !password}>
          {t('account.changeEmail')}
        </Button>
      </div>
    </form>
  )
}

function Sessions() {
  const { t } = useTranslation('settings')
  const loaded = useLoaded(() => session.api.auth.sessions(), [])
  const [asking, setAsking] = useState(false)
  const everywhere = useAction(() => session.signOut(true))
  if (loaded.problem) return <ProblemBanner problem={loaded.problem} retry={loaded.reload} />
  if (!loaded.data) return <SkeletonRows rows={2} />
  const gone = (id: string) =>
    loaded.patch(({ items }) => ({ items: items.filter((each) => each.id !== id) }))
  return (
    <>
      <ul className={s.items}>
        {loaded.data.items.map((each) => (
          <SessionLine key={each.id} info={each} onEnded={() => gone(each.id)} />
        ))}
      </ul>
      <div className={s.row}>
        <Button variant="danger" onClick={() => setAsking(true)}>
          {t('account.everywhere')}
        </Button>
      </div>
      {asking && (
        <Modal
          size="s"
          title={t('account.everywhere')}
          onClose={() => setAsking(false)}
          footer={
            <>
              <Button onClick={() => setAsking(false)}>{t('common:cancel')}</Button>
              <Button variant="danger" busy={everywhere.busy} onClick={() => void everywhere.run()}>
                {t('account.everywhere')}
              </Button>
            </>
          }
        >
          <p>{t('account.everywhereBody')}</p>
          <ProblemBanner problem={everywhere.problem} />
        </Modal>
      )}
    </>
  )
}

function SessionLine({ info, onEnded }: { info: SessionInfo; onEnded: () => void }) {
  const { t } = useTranslation('settings')
  const agent = describeAgent(info.user_agent)
  const end = useAction(async () => {
    try {
      await session.api.auth.endSession(info.id)
      onEnded()
    } catch (error) {
      toastProblem(error)
    }
  })
  const Icon = agent.phone ? Smartphone : Monitor
  return (
    <li>
      <Icon size={20} aria-hidden color="var(--text-muted)" />
      <div className={s.what}>
        <div className={s.name}>
          {agent.name || t('account.unknownDevice')}{' '}
          {info.current && <Tag tone="success">{t('account.thisOne')}</Tag>}
        </div>
        <div className={s.quiet}>
          {info.ip} ·{' '}
          <time title={full(info.last_seen_at)}>{t('account.seen', { time: when(info.last_seen_at) })}</time>
        </div>
      </div>
      {!info.current && (
        <Button size="s" busy={end.busy} onClick={() => void end.run()}>
          {t('app:signOut')}
        </Button>
      )}
    </li>
  )
}
