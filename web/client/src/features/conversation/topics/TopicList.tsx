import { topicsOf, type TopicItem, type TopicsView as Known } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { Button, cx, EmptyState, IconButton, SkeletonRows, UnreadBadge } from '@weft/ui'
import { CircleCheck, Inbox, Plus, Tag, Tags } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { formatWhen } from '../../../lib/time'
import { useAction } from '../../../shared/hooks'
import { ProblemBanner } from '../../../shared/problem'
import { useTimeStyle } from '../../../shared/timeStyle'
import type { Shown } from '../context'
import css from './topics.module.css'

interface Props {
  conversation: Shown
  view: Known
  chosen: string | null
  onOpen: (id: string) => void
  onNew: (() => void) | undefined
}

/** The topics of a conversation, what was last spoken of first. */
export function TopicList({ conversation, view, chosen, onOpen, onNew }: Props) {
  const { t } = useTranslation('topics')
  const weft = useWeft()
  const [all, setAll] = useState(false)
  const more = useAction(() => topicsOf(weft).more(conversation.id))
  const settled = view.items.filter((topic) => topic.resolved)
  const shown = view.items.filter(
    (topic) => all || !topic.resolved || topic.id === chosen || topic.unread > 0,
  )
  const onKeyDown = (event: React.KeyboardEvent<HTMLElement>) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (!step) return
    event.preventDefault()
    const buttons = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('button[data-topic]')]
    const now = buttons.indexOf(document.activeElement as HTMLButtonElement)
    buttons[Math.min(buttons.length - 1, Math.max(0, now + step))]?.focus()
  }
  return (
    <nav className={css.list} aria-label={t('list')} onKeyDown={onKeyDown}>
      <header className={css.listHead}>
        <h2>{t('list')}</h2>
        {onNew && <IconButton size="s" label={t('new')} icon={<Plus size={16} />} onClick={onNew} />}
      </header>
      <div className={css.scroll}>
        {view.loading ? (
          <SkeletonRows rows={6} face={false} />
        ) : view.items.length === 0 && !view.problem ? (
          <EmptyState icon={<Tags size={28} aria-hidden />} title={t('emptyTitle')}>
            {t('emptyBody')}
          </EmptyState>
        ) : (
          <ul>
            {shown.map((topic) => (
              <li key={topic.id}>
                <Line topic={topic} here={topic.id === chosen} onOpen={onOpen} />
              </li>
            ))}
          </ul>
        )}
        <ProblemBanner problem={view.problem} retry={() => topicsOf(weft).refresh(conversation.id)} />
        {view.next !== null && (
          <Button size="s" variant="ghost" busy={more.busy} onClick={() => void more.run()}>
            {t('more')}
          </Button>
        )}
        {settled.length > 0 && (
          <Button size="s" variant="ghost" aria-pressed={all} onClick={() => setAll(!all)}>
            {t(all ? 'hideResolved' : 'showResolved')}
          </Button>
        )}
      </div>
      <button
        type="button"
        data-topic
        className={cx(css.line, css.without, chosen === 'none' && css.here)}
        aria-current={chosen === 'none' ? 'true' : undefined}
        onClick={() => onOpen('none')}
      >
        <Inbox size={15} aria-hidden />
        <span className={css.name}>{t('without')}</span>
        <UnreadBadge count={view.unreadWithout} label={t('unread', { count: view.unreadWithout })} />
      </button>
    </nav>
  )
}

function Line({ topic, here, onOpen }: { topic: TopicItem; here: boolean; onOpen: (id: string) => void }) {
  const { t } = useTranslation('topics')
  const style = useTimeStyle()
  return (
    <button
      type="button"
      data-topic
      className={cx(css.line, here && css.here, topic.unread > 0 && css.news)}
      aria-current={here ? 'true' : undefined}
      onClick={() => onOpen(topic.id)}
    >
      {topic.resolved ? <CircleCheck size={15} aria-label={t('resolved')} /> : <Tag size={15} aria-hidden />}
      <span className={css.name}>{topic.name}</span>
      <time>{formatWhen(topic.last_at, Date.now() * 1000, style)}</time>
      <UnreadBadge count={topic.unread} label={t('unread', { count: topic.unread })} />
    </button>
  )
}
