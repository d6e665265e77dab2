import { lazy, useEffect } from 'react'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import { useTranslation } from 'react-i18next'
import { MessagesSquare } from 'lucide-react'
import { Button, EmptyState } from '@weft/ui'
import { useObservable, useWeft } from '@weft/sdk/react'
import { usePhone } from '../shared/hooks'
import { memory } from '../shared/memory'
import { paths } from '../shared/paths'
import { ConversationPage } from './parts'
import { NotFound } from './NotFound'

const BrowsePage = lazy(() => import('../features/channels/browse'))
const AcksPage = lazy(() => import('../features/acks'))
const LaterPage = lazy(() => import('../features/later'))
const InboxPage = lazy(() => import('../features/inbox'))
const CatchupPage = lazy(() => import('../features/catchup'))
const ThreadsPage = lazy(() => import('../features/threads'))
const SearchPage = lazy(() => import('../features/search'))
const FilesPage = lazy(() => import('../features/files'))
const PeoplePage = lazy(() => import('../features/people'))
const SettingsPages = lazy(() => import('../features/settings'))
const AdminPages = lazy(() => import('../features/admin'))

/** What stands in the content for an address of the org. */
export function Pages({ admin }: { admin: boolean }) {
  return (
    <Switch>
      <Route path="/o/:org/c/:conversation/:seq?">
        {({ conversation, seq }) => <Conversation id={conversation} seq={seq} />}
      </Route>
      <Route path="/o/:org/browse">
        <BrowsePage />
      </Route>
      <Route path="/o/:org/acks">
        <AcksPage />
      </Route>
      <Route path="/o/:org/later/:tab?">{({ tab }) => <LaterPage tab={tab} />}</Route>
      <Route path="/o/:org/inbox">
        <InboxPage />
      </Route>
      <Route path="/o/:org/catchup">
        <CatchupPage />
      </Route>
      <Route path="/o/:org/threads">
        <ThreadsPage />
      </Route>
      <Route path="/o/:org/search">
        <SearchPage />
      </Route>
      <Route path="/o/:org/files">
        <FilesPage />
      </Route>
      <Route path="/o/:org/people">
        <PeoplePage />
      </Route>
      <Route path="/o/:org/settings/:section?">{({ section }) => <SettingsPages section={section} />}</Route>
      <Route path="/o/:org/admin/:section?">
        {({ section }) => (admin ? <AdminPages section={section} /> : <NotFound />)}
      </Route>
      <Route path="/o/:org">
        <Landing />
      </Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
  )
}

function Conversation({ id, seq }: { id: string; seq: string | undefined }) {
  const weft = useWeft()
  useEffect(() => memory.set(`last.${weft.org}`, id), [weft, id])
  const at = seq && /^\d{1,15}$/.test(seq) ? { seq: Number(seq) } : {}
  return <ConversationPage conversationId={id} {...at} />
}

/** No conversation chosen: the one read last, else a welcome. On a phone the list itself is shown instead. */
function Landing() {
  const { t } = useTranslation('app')
  const weft = useWeft()
  const phone = usePhone()
  const conversations = useObservable(weft.conversations)
  if (phone) return null
  const last = memory.get(`last.${weft.org}`)
  const open = conversations.find((view) => view.id === last) ?? conversations.find((view) => view.default)
  if (open) return <Redirect to={paths.conversation(weft.org, open.id)} replace />
  return (
    <EmptyState
      icon={<MessagesSquare size={32} aria-hidden />}
      title={t('landing.title')}
      action={<BrowseButton />}
    >
      {t('landing.body')}
    </EmptyState>
  )
}

function BrowseButton() {
  const { t } = useTranslation('app')
  const weft = useWeft()
  const [, go] = useLocation()
  return (
    <Button variant="primary" onClick={() => go(paths.browse(weft.org))}>
      {t('landing.browse')}
    </Button>
  )
}
