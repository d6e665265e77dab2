import { lazy, Suspense, useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { useWeft } from '@weft/sdk/react'
import { emitIntent, useIntent, type Intents } from '../shared/intents'
import { paths } from '../shared/paths'
import { QuickSwitcher } from './parts'

const channels = () => import('../features/channels')
const CreateChannel = lazy(() => channels().then((part) => ({ default: part.CreateChannelDialog })))
const NewMessage = lazy(() => channels().then((part) => ({ default: part.NewMessageDialog })))
const AddPeople = lazy(() => channels().then((part) => ({ default: part.AddPeopleDialog })))
const ProfileCard = lazy(() => import('../features/people/ProfileCard'))
const ShortcutMap = lazy(() => import('../features/shortcuts'))

type Open =
  | { kind: 'create-channel'; with: Intents['create-channel'] }
  | { kind: 'new-message'; with: Intents['new-message'] }
  | { kind: 'add-people'; with: Intents['add-people'] }
  | { kind: 'profile'; with: Intents['profile'] }
  | { kind: 'shortcuts' }

/** What opens over the frame when a feature asks for it; one at a time. */
export function Dialogs() {
  const weft = useWeft()
  const [, go] = useLocation()
  const [open, setOpen] = useState<Open | null>(null)
  const [switcher, setSwitcher] = useState<Intents['switcher'] | null>(null)
  useIntent('create-channel', (payload) => setOpen({ kind: 'create-channel', with: payload }))
  useIntent('new-message', (payload) => setOpen({ kind: 'new-message', with: payload }))
  useIntent('add-people', (payload) => setOpen({ kind: 'add-people', with: payload }))
  useIntent('profile', (payload) => setOpen({ kind: 'profile', with: payload }))
  useIntent('shortcuts', () => setOpen((now) => (now?.kind === 'shortcuts' ? null : { kind: 'shortcuts' })))
  // The switcher listens for itself once it is here; the call that brings it in is said again then.
  useIntent('switcher', (payload) => setSwitcher((now) => now ?? payload))
  const close = () => setOpen(null)
  const enter = (conversation: string) => {
    close()
    go(paths.conversation(weft.org, conversation))
  }
  return (
    <Suspense fallback={null}>
      {open?.kind === 'create-channel' && <CreateChannel {...open.with} onClose={close} onCreated={enter} />}
      {open?.kind === 'new-message' && <NewMessage {...open.with} onClose={close} onOpen={enter} />}
      {open?.kind === 'add-people' && <AddPeople {...open.with} onClose={close} />}
      {open?.kind === 'profile' && <ProfileCard key={open.with.person} {...open.with} onClose={close} />}
      {open?.kind === 'shortcuts' && <ShortcutMap onClose={close} />}
      {switcher && <QuickSwitcher />}
      {switcher && <Replay payload={switcher} />}
    </Suspense>
  )
}

function Replay({ payload }: { payload: Intents['switcher'] }) {
  useEffect(() => void emitIntent('switcher', payload), [payload])
  return null
}
