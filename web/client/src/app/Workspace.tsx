import { useEffect, useState } from 'react'
import { Problem, type Weft } from '@weft/sdk'
import { useObservable, WeftProvider } from '@weft/sdk/react'
import { memory } from '../shared/memory'
import { ProblemBanner } from '../shared/problem'
import { session } from '../shared/session'
import { Frame } from './Frame'
import { FrameSkeleton } from './FrameSkeleton'
import { useSession } from './useSession'
import { Splash } from './Splash'

/** Opens an org's store and shows the frame on it; the account's other orgs follow when this one is up to date. */
export function Workspace({ org }: { org: string }) {
  const [opened, setOpened] = useState<{ org: string; weft: Weft } | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    let live = true
    memory.set('org', org)
    setProblem(null)
    session.workspace(org).then(
      (weft) => live && setOpened({ org, weft }),
      (error: unknown) => live && setProblem(Problem.of(error)),
    )
    return () => {
      live = false
    }
  }, [org, turn])
  if (problem) {
    return (
      <Splash>
        <ProblemBanner problem={problem} retry={() => setTurn(turn + 1)} />
      </Splash>
    )
  }
  if (opened?.org !== org) return <FrameSkeleton />
  return (
    <WeftProvider weft={opened.weft} key={org}>
      <Others weft={opened.weft} />
      <Frame />
    </WeftProvider>
  )
}

/** Unread counts of the other orgs need their sockets; they wait until this org is served. */
const OTHERS_MAX = 8

function Others({ weft }: { weft: Weft }) {
  const state = useSession()
  const online = useObservable(weft.connection).state === 'online'
  const seats = state.at === 'in' ? state.orgs : null
  const stale = state.at === 'in' && state.stale
  useEffect(() => {
    if (online && stale) void session.check(weft.org)
  }, [weft, online, stale])
  useEffect(() => {
    if (!online || !seats) return
    const timer = setTimeout(() => {
      for (const seat of seats.slice(0, OTHERS_MAX)) {
        // One that fails shows no count; opening it says why.
        session.workspace(seat.org.id).catch(() => undefined)
      }
    }, 1500)
    return () => clearTimeout(timer)
  }, [online, seats])
  return null
}
