import '../../shared/attention/words'
import { useWeft } from '@weft/sdk/react'
import { Button, EmptyState, SkeletonRows } from '@weft/ui'
import { CheckCheck } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'

import { useLoaded } from '../../shared/hooks'
import { isTyping } from '../../shared/keys'
import { Page } from '../../shared/Page'
import { paths } from '../../shared/paths'
import { ProblemBanner } from '../../shared/problem'
import { Card } from './Card'
import css from './catchup.module.css'
import { makeQueue, type Entry } from './model'
import { useQueue, type Queue } from './useQueue'

/** Goes through what is unread, the most important first. */
export default function CatchupPage() {
  const { t } = useTranslation('attention')
  const weft = useWeft()
  const loaded = useLoaded(async () => {
    // The list stays as it is found: what the device held before it caught up lacks the newest.
    await caughtUp(weft)
    const threads = await weft.threads.list()
    return makeQueue(weft.conversations.get(), threads.items)
  }, [weft])
  return (
    <Page title={t('catchup.title')} back={paths.home(weft.org)}>
      {loaded.data ? (
        <Through entries={loaded.data} />
      ) : loaded.problem ? (
        <div className={css.column}>
          <ProblemBanner problem={loaded.problem} retry={loaded.reload} />
        </div>
      ) : (
        <SkeletonRows rows={5} />
      )}
    </Page>
  )
}

/** Once the client holds what the server has, or cannot reach it. */
function caughtUp({ connection }: ReturnType<typeof useWeft>): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (connection.get().state === 'connecting') return
      stop()
      resolve()
    }
    const stop = connection.subscribe(look)
    look()
  })
}

function Through({ entries }: { entries: readonly Entry[] }) {
  const { t } = useTranslation('attention')
  const weft = useWeft()
  const [, go] = useLocation()
  const queue = useQueue(entries)
  useKeys(queue)
  const home = (
    <Button variant="primary" onClick={() => go(paths.home(weft.org))}>
      {t('catchup.home')}
    </Button>
  )
  const icon = <CheckCheck size={32} aria-hidden />
  if (!entries.length) {
    return (
      <EmptyState icon={icon} title={t('catchup.emptyTitle')} action={home}>
        {t('catchup.emptyBody')}
      </EmptyState>
    )
  }
  const entry = entries[queue.at]
  if (!entry) {
    return (
      <EmptyState icon={icon} title={t('catchup.finishedTitle')} action={home}>
        {t('catchup.finishedBody', { count: entries.length })}
      </EmptyState>
    )
  }
  return <Card key={entry.key} entry={entry} queue={queue} left={entries.length - queue.at} />
}

function useKeys(queue: Queue) {
  useEffect(() => {
    const acts: Record<string, () => void> = {
      j: queue.next,
      k: queue.back,
      e: queue.read,
      u: queue.keep,
      o: queue.open,
      m: queue.mute,
      z: queue.undo,
    }
    const key = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return
      const act = acts[event.key.toLowerCase()]
      if (!act || document.querySelector('dialog[open], [role=menu]')) return
      event.preventDefault()
      act()
    }
    window.addEventListener('keydown', key)
    return () => window.removeEventListener('keydown', key)
  }, [queue])
}
