import { lazy, Suspense, useEffect, type ReactNode } from 'react'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import { useTranslation } from 'react-i18next'
import { Button, EmptyState } from '@weft/ui'
import type { EntryPageName } from '../features/entry'
import { memory } from '../shared/memory'
import { paths } from '../shared/paths'
import { ProblemBanner } from '../shared/problem'
import { session } from '../shared/session'
import { NotFound } from './NotFound'
import { Splash } from './Splash'
import { useSession } from './useSession'
import { Workspace } from './Workspace'

const EntryPages = lazy(() => import('../features/entry'))

const entry = (page: EntryPageName) => (params: { token?: string }) => (
  <Suspense fallback={<Splash />}>
    <EntryPages page={page} token={params.token ?? ''} />
  </Suspense>
)

/** Every address of the client. */
export function Routes() {
  return (
    <Switch>
      <Route path="/setup">{entry('setup')}</Route>
      <Route path="/sign-in">{entry('sign-in')}</Route>
      <Route path="/forgot">{entry('forgot')}</Route>
      <Route path="/reset/:token">{entry('reset')}</Route>
      <Route path="/invite/:token">{entry('invite')}</Route>
      <Route path="/confirm-email/:token">{entry('email')}</Route>
      <Route path="/o/:org/*?">
        {({ org }) => (
          <SignedIn org={org}>
            <Workspace org={org} />
          </SignedIn>
        )}
      </Route>
      <Route path="/">
        <SignedIn org={null}>
          <Home />
        </SignedIn>
      </Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
  )
}

function Home() {
  const state = useSession()
  if (state.at !== 'in') return <Splash />
  const last = memory.get('org')
  const seat = state.orgs.find((seat) => seat.org.id === last) ?? state.orgs[0]
  return seat ? <Redirect to={paths.home(seat.org.id)} replace /> : <NotFound />
}

/** Shows its children to who is signed in (as a person of `org`), and leads everybody else to the right page. */
function SignedIn({ org, children }: { org: string | null; children: ReactNode }) {
  const state = useSession()
  const [path] = useLocation()
  const seated = state.at === 'in' && (org === null || state.orgs.some((seat) => seat.org.id === org))
  const asked = state.at !== 'unknown'
  useEffect(() => {
    if (!asked) void session.check(org ?? undefined)
  }, [asked, org])
  if (state.at === 'unknown') return <Splash />
  if (state.at === 'failed') return <Failed />
  if (state.at === 'out') return <Out path={path} left={state.why === 'signed_out'} />
  return seated ? children : <NotFound />
}

function Failed() {
  const state = useSession()
  const { t } = useTranslation()
  return (
    <Splash late={false}>
      <EmptyState
        title={t('unreachable.title')}
        action={<Button onClick={() => void session.check()}>{t('retry')}</Button>}
      >
        {t('unreachable.body')}
      </EmptyState>
      {state.at === 'failed' && state.problem.code !== 'offline' && <ProblemBanner problem={state.problem} />}
    </Splash>
  )
}

/** Signed out: a server without an org is set up first. */
function Out({ path, left }: { path: string; left: boolean }) {
  const [, go] = useLocation()
  useEffect(() => {
    let live = true
    const signIn =
      path === '/' || left
        ? paths.signIn
        : `${paths.signIn}?next=${encodeURIComponent(path + location.search)}`
    session.api.setup.state().then(
      (state) => live && go(state.needed ? `${paths.setup}${location.search}` : signIn, { replace: true }),
      () => live && go(signIn, { replace: true }),
    )
    return () => {
      live = false
    }
  }, [go, path, left])
  return <Splash />
}
