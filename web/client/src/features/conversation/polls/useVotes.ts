import type { Message, Poll, PollPart, PollView } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { useCallback, useEffect, useState } from 'react'

import { useSettled } from '../../../shared/hooks'
import { toastProblem } from '../../../shared/problem'
import { votesOf } from './votes'

/** A poll as the reader sees it: what everybody is told, and what only the reader knows. */
export function useVotes(part: PollPart, message: Message) {
  const weft = useWeft()
  const votes = votesOf(weft)
  const [own, setOwn] = useState<{ view: PollView; at: number } | null>(null)
  const [busy, setBusy] = useState(false)
  const told = message.poll ?? fresh(part)
  // While results are for voters only, nobody is told them: whoever has voted asks.
  const hidden = told.options.some((option) => option.votes === null)
  const turn = useSettled(hidden && own?.view.mine.length ? message.changed_seq : 0, 1000)
  const closed = told.closed_at
  const take = useCallback(
    (view: PollView) => setOwn({ view, at: message.changed_seq }),
    [message.changed_seq],
  )
  useEffect(() => {
    if (message.seq <= 0) return
    let live = true
    const load = () =>
      votes.get(message.id).then(
        (view) => live && take(view),
        // Asked again with the next connection.
        () => undefined,
      )
    void load()
    const end = votes.listen(message.id, () => void load())
    return () => {
      live = false
      end()
    }
    // `take` changes with every change of the message; what is loaded here does not.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [votes, message.id, message.seq > 0, turn, closed])
  const act = async (work: () => Promise<PollView>): Promise<boolean> => {
    if (busy) return false
    setBusy(true)
    try {
      take(await work())
      return true
    } catch (error) {
      toastProblem(error)
      return false
    } finally {
      setBusy(false)
    }
  }
  const newer = own && (own.at >= message.changed_seq || (hidden && own.view.mine.length > 0))
  return {
    poll: newer ? own.view.poll : told,
    mine: own?.view.mine ?? [],
    mayClose: own?.view.may_close ?? false,
    busy,
    vote: (options: readonly number[]) => act(() => votes.vote(message.id, options)),
    add: (text: string) => act(() => votes.add(message.id, text)),
    close: () => act(() => votes.close(message.id)),
  }
}

function fresh(part: PollPart): Poll {
  const options = part.options.map((option) => ({ ...option, added_by: null, votes: 0, faces: [] }))
  return { options, voters: 0, closed_at: null, closed_by: null }
}
